import type { DemoUsername } from "./users.js";

interface DemoView {
  readonly name: string;
  readonly selected: readonly DemoUsername[];
  readonly deselected: readonly DemoUsername[];
}

/** Numbered from 1 in this order. */
export const demoViews: readonly DemoView[] = [
  {
    name: "Inbox",
    selected: ["ines.moreau", "john.doe", "olga.smirnova", "daan.de.vries", "lucia.fernandez"],
    deselected: ["zaneta.wisniewska"],
  },
  {
    name: "My tickets",
    selected: ["john.doe", "zaneta.wisniewska", "joshua.post"],
    deselected: ["ines.moreau"],
  },
  {
    name: "Unassigned",
    selected: ["margaret.okafor", "rafael.ortiz-vega", "daan.de.vries"],
    deselected: ["john.doe"],
  },
  {
    name: "Live chats",
    selected: ["john.doe", "sigridur.thorsdottir", "oisin.omalley", "anne-marie.lefevre"],
    deselected: ["olga.smirnova"],
  },
  { name: "Callback requests", selected: ["giorgos.papadakis", "emeka.nwosu"], deselected: [] },
  {
    name: "Escalated",
    selected: ["margaret.okafor", "rafael.ortiz-vega"],
    deselected: ["giorgos.papadakis"],
  },
];
