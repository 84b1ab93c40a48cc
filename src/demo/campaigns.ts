import type { DemoUsername } from "./users.js";

interface DemoCampaign {
  readonly name: string;
  readonly active: readonly DemoUsername[];
  readonly inactive: readonly DemoUsername[];
}

/** Numbered from 1 in this order. */
export const demoCampaigns: readonly DemoCampaign[] = [
  {
    name: "spring-renewals",
    active: ["fatima.zahra", "emeka.nwosu", "sanne.jansen", "lucia.fernandez"],
    inactive: ["kim.seoyeon", "yael.cohen"],
  },
  {
    name: "Win_Back_2026",
    active: ["kim.seoyeon", "emeka.nwosu", "rafael.ortiz-vega"],
    inactive: ["sanne.jansen"],
  },
  {
    name: "loyalty-survey",
    active: ["anne-marie.lefevre", "daan.de.vries", "tanaka.yuki"],
    inactive: ["john.doe", "fatima.zahra"],
  },
  {
    name: "outage_callbacks",
    active: ["john.doe", "giorgos.papadakis", "priya.sharma", "li.wei"],
    inactive: [],
  },
  { name: "Welcome-Calls", active: ["olga.smirnova", "oisin.omalley"], inactive: ["ionut.serban"] },
];
