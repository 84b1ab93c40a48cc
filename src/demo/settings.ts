import type { UserSettings } from "../entities/user-settings.entity.js";
import type { DemoUsername } from "./users.js";

/** Settings that differ from the defaults. */
export const demoSettings: Readonly<Partial<Record<DemoUsername, Partial<UserSettings>>>> = {
  "ines.moreau": { maxChats: 0, notifyOnTicketAssignment: false },
  "margaret.okafor": { maxChats: 2, ticketIncognitoMode: true },
  "john.doe": { maxChats: 5 },
  "katharina.vogel": { useWebMail: true, useWebEmail: true },
  "rafael.ortiz-vega": { maxChats: 2, telephoneCallsForwarding: true },
  "nguyen.minh.anh": { maxChats: 4, chatSoundNewMessage: false },
  "tanaka.yuki": { chatSoundNewMessage: false, useWebEmail: true },
  "olga.smirnova": { callsAutoAnswer: true },
  "giorgos.papadakis": { callsAutoAnswer: true, maxChats: 1 },
  "sigridur.thorsdottir": { maxChats: 6, notifyOnTicketAssignment: false },
  "oisin.omalley": { maxChats: 1 },
  "daan.de.vries": { useWebMail: true },
  "sanne.jansen": { telephoneCallsForwarding: true },
  "hanna.weiss": { maxChats: 0, ticketIncognitoMode: true },
  "reception.desk": { telephoneCallsForwarding: true, chatSoundNewMessage: false },
};
