import type { Presence } from "../entities/presence.entity.js";
import type { DemoUsername } from "./people.js";
import { minutesBefore } from "./times.js";

type Desk = Partial<
  Pick<
    Presence,
    "lastViewModule" | "lastViewName" | "lastViewTarget" | "telephoneStatus" | "telephoneChangedAt"
  >
>;

const views = (module: string, name: string, target: string | null = null): Desk => ({
  lastViewModule: module,
  lastViewName: name,
  lastViewTarget: target,
});

/** What is open on somebody's screen, and what their telephone does. */
export const demoDesks = (now: Date): Readonly<Partial<Record<DemoUsername, Desk>>> => ({
  "joshua.post": views("support", "getticket", "ticketid|105792"),
  "john.doe": views("support", "getticket", "ticketid|105792"),
  "alejandro.cordova": views("support", "viewtickets"),
  "lucia.fernandez": views("support", "getticket", "ticketid|105801"),
  "ines.moreau": views("admin", "settings"),
  "margaret.okafor": views("reports", "agents", "groupid|1"),
  "vikram.iyer": views("billing", "viewinvoice", "invoiceid|4471"),
  // As the document of jtel prints it.
  "katharina.vogel": {
    telephoneStatus: "FREE",
    telephoneChangedAt: new Date("2020-07-07T06:20:14.558Z"),
  },
  "olga.smirnova": { telephoneStatus: "BUSY", telephoneChangedAt: minutesBefore(now, 18) },
  "giorgos.papadakis": { telephoneStatus: "RINGING", telephoneChangedAt: minutesBefore(now, 0) },
  "daan.de.vries": { telephoneStatus: "FREE", telephoneChangedAt: minutesBefore(now, 52) },
});
