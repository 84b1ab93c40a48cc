import type { Presence } from "../entities/presence.entity.js";
import type { DemoUsername } from "./users.js";
import { minutesBefore } from "./times.js";

type Desk = Partial<
  Pick<
    Presence,
    "lastViewModule" | "lastViewName" | "lastViewTarget" | "telephoneStatus" | "telephoneChangedAt"
  >
>;

const lastView = (module: string, name: string, target: string | null = null): Desk => ({
  lastViewModule: module,
  lastViewName: name,
  lastViewTarget: target,
});

/** The last view of users, and the state of their telephones. */
export const demoDesks = (now: Date): Readonly<Partial<Record<DemoUsername, Desk>>> => ({
  "joshua.post": lastView("support", "getticket", "ticketid|105792"),
  "john.doe": lastView("support", "getticket", "ticketid|105792"),
  "alejandro.cordova": lastView("support", "viewtickets"),
  "lucia.fernandez": lastView("support", "getticket", "ticketid|105801"),
  "ines.moreau": lastView("admin", "settings"),
  "margaret.okafor": lastView("reports", "agents", "groupid|1"),
  "vikram.iyer": lastView("billing", "viewinvoice", "invoiceid|4471"),
  // As in jtel's document.
  "katharina.vogel": {
    telephoneStatus: "FREE",
    telephoneChangedAt: new Date("2020-07-07T06:20:14.558Z"),
  },
  "olga.smirnova": { telephoneStatus: "BUSY", telephoneChangedAt: minutesBefore(now, 18) },
  "giorgos.papadakis": { telephoneStatus: "RINGING", telephoneChangedAt: minutesBefore(now, 0) },
  "daan.de.vries": { telephoneStatus: "FREE", telephoneChangedAt: minutesBefore(now, 52) },
});
