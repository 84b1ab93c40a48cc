import type { DemoUsername } from "./users.js";

/** The agents that take part in live channels. */
export const availableAgents = [
  "john.doe",
  "doe.john",
  "katharina.vogel",
  "rafael.ortiz-vega",
  "nguyen.minh.anh",
  "soren.kjaer",
  "zaneta.wisniewska",
  "tanaka.yuki",
  "olga.smirnova",
  "giorgos.papadakis",
  "fatima.zahra",
  "kim.seoyeon",
  "li.wei",
  "priya.sharma",
  "joao.conceicao",
  "sigridur.thorsdottir",
  "oisin.omalley",
  "anne-marie.lefevre",
  "emeka.nwosu",
  "lucia.fernandez",
  "daan.de.vries",
  "sanne.jansen",
] as const satisfies readonly DemoUsername[];

export const unavailableAgents = [
  "yael.cohen",
  "cagri.yildiz",
  "mate.kovacs",
  "ionut.serban",
] as const satisfies readonly DemoUsername[];

/** Rafael is also an agent. */
export const managers = [
  "margaret.okafor",
  "grace.lindqvist",
  "juan.box",
  "rafael.ortiz-vega",
] as const satisfies readonly DemoUsername[];
