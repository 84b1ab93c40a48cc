import type { DemoUsername } from "./users.js";

interface DemoGroup {
  readonly name: string;
  readonly members: readonly DemoUsername[];
}

/** Numbered from 1 in this order. */
export const demoGroups: readonly DemoGroup[] = [
  {
    name: "Service Desk",
    members: [
      "margaret.okafor",
      "john.doe",
      "doe.john",
      "katharina.vogel",
      "nguyen.minh.anh",
      "soren.kjaer",
      "zaneta.wisniewska",
      "tanaka.yuki",
      "olga.smirnova",
      "oisin.omalley",
      "anne-marie.lefevre",
      "daan.de.vries",
    ],
  },
  {
    name: "Technical Support",
    members: [
      "rafael.ortiz-vega",
      "john.doe",
      "joshua.post",
      "justin.patterson",
      "giorgos.papadakis",
      "li.wei",
      "priya.sharma",
      "cagri.yildiz",
      "mate.kovacs",
    ],
  },
  {
    name: "Billing",
    members: [
      "juan.box",
      "alejandro.cordova",
      "sigridur.thorsdottir",
      "joao.conceicao",
      "lucia.fernandez",
      "ionut.serban",
    ],
  },
  {
    name: "Sales",
    members: [
      "grace.lindqvist",
      "fatima.zahra",
      "kim.seoyeon",
      "yael.cohen",
      "emeka.nwosu",
      "sanne.jansen",
      "somchai.wongsakul",
    ],
  },
  {
    name: "Escalations",
    members: ["margaret.okafor", "rafael.ortiz-vega", "giorgos.papadakis", "sigridur.thorsdottir"],
  },
  {
    name: "Back Office",
    members: ["ines.moreau", "hanna.weiss", "malia.kahananui", "nino.beridze", "reception.desk"],
  },
  {
    name: "Key Accounts",
    members: ["brotwerk.nord", "cpa.business", "jack.smith", "vikram.iyer"],
  },
];
