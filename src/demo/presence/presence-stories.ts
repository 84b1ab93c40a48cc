import {
  AVAILABLE_STATUS_ID,
  AWAY_STATUS_ID,
  BUSY_STATUS_ID,
  OFFLINE_STATUS_ID,
} from "../../domain/status.js";
import type { DemoUsername } from "../users.js";
import {
  chooses,
  connects,
  isLocked,
  isReported,
  type PresenceEvent,
  wrapsUp,
} from "./presence-events.js";

/** Statuses of the shipped catalogue that no rule uses, so they have no constant elsewhere. */
const PAUSE_STATUS_ID = 5;
const TRAINING_STATUS_ID = 8;

const DAY = 24 * 60;

/** Eight hours with two pauses and one long call. */
function workday(daysAgo: number, startedAgo: number): PresenceEvent[] {
  const start = daysAgo * DAY + startedAgo;
  return [
    connects(start, start - 480),
    chooses(PAUSE_STATUS_ID, start - 115, { minutes: 15 }),
    chooses(BUSY_STATUS_ID, start - 170, { minutes: 35 }),
    chooses(PAUSE_STATUS_ID, start - 250, { minutes: 40, door: "OMNIDESK" }),
  ];
}

const lastTwoWorkdays = (startedAgo: number): PresenceEvent[] => [
  ...workday(2, startedAgo),
  ...workday(1, startedAgo),
];

/** The history of each user, oldest first. A user without an entry has never been online. */
export const presenceStories: Readonly<Partial<Record<DemoUsername, readonly PresenceEvent[]>>> = {
  // As in Clientexec's document.
  "jack.smith": [connects(10)],
  "joshua.post": [connects(6)],
  "justin.patterson": [connects(300, 57)],
  "jesse.wolf": [connects(95, 74)],
  "alejandro.cordova": [connects(480, 79)],
  "juan.box": [connects(590, 224)],
  "cpa.business": [connects(435, 419)],

  // Available.
  "ines.moreau": [connects(150)],
  "margaret.okafor": [connects(205)],
  "john.doe": [...lastTwoWorkdays(190), connects(190)],
  "katharina.vogel": [...lastTwoWorkdays(230), connects(230)],
  "rafael.ortiz-vega": [connects(75)],
  "nguyen.minh.anh": [connects(260), chooses(AVAILABLE_STATUS_ID, 240, { door: "OMNIDESK" })],
  "giorgos.papadakis": [...lastTwoWorkdays(170), connects(170)],
  "sigridur.thorsdottir": [
    ...lastTwoWorkdays(310),
    connects(310),
    chooses(PAUSE_STATUS_ID, 140, { minutes: 20 }),
  ],
  "oisin.omalley": [connects(130)],
  "anne-marie.lefevre": [connects(220)],
  "cagri.yildiz": [connects(45)],
  "lucia.fernandez": [connects(100)],
  "daan.de.vries": [...lastTwoWorkdays(200), connects(200)],
  "malia.kahananui": [connects(30)],
  "reception.desk": [connects(270)],
  "gwen.powell": [connects(4)],
  "vikram.iyer": [connects(22)],

  // Busy.
  "olga.smirnova": [...lastTwoWorkdays(280), connects(280), chooses(BUSY_STATUS_ID, 18)],
  "sanne.jansen": [connects(210), chooses(BUSY_STATUS_ID, 12, { minutes: 90 })],
  "tanaka.yuki": [connects(240), isReported("calendar", BUSY_STATUS_ID, 15, 120)],
  "priya.sharma": [connects(160), wrapsUp(1, 10)],
  "joao.conceicao": [
    connects(185),
    isLocked(BUSY_STATUS_ID, 35, { by: "margaret.okafor", door: "OMNIDESK" }),
  ],

  // Away.
  "fatima.zahra": [connects(120), chooses(AWAY_STATUS_ID, 25)],
  "emeka.nwosu": [connects(155), chooses(AWAY_STATUS_ID, 8)],
  "kim.seoyeon": [connects(250), chooses(PAUSE_STATUS_ID, 9)],
  "zaneta.wisniewska": [
    ...lastTwoWorkdays(215),
    connects(215),
    chooses(AVAILABLE_STATUS_ID, 210),
    chooses(PAUSE_STATUS_ID, 5, { minutes: 50 }),
  ],
  "li.wei": [connects(140), chooses(TRAINING_STATUS_ID, 65, { minutes: 240 })],
  "soren.kjaer": [
    ...lastTwoWorkdays(245),
    connects(245),
    chooses(BUSY_STATUS_ID, 95),
    isLocked(TRAINING_STATUS_ID, 60, {
      by: "margaret.okafor",
      reason: "Certification course until the end of the week",
      minutes: 4 * DAY,
    }),
  ],
  "grace.lindqvist": [connects(175), chooses(AWAY_STATUS_ID, 50, { minutes: 180 })],

  // Offline. A user that set Offline stays so while connected.
  "yael.cohen": [connects(110), chooses(OFFLINE_STATUS_ID, 40)],
  "doe.john": [...lastTwoWorkdays(160)],
  "mate.kovacs": [...lastTwoWorkdays(20), chooses(OFFLINE_STATUS_ID, 985, { door: "OMNIDESK" })],
  "ionut.serban": [connects(5 * DAY, 5 * DAY - 470)],
  "nino.beridze": [connects(2 * DAY + 60, DAY + 1200)],
  "somchai.wongsakul": [connects(9 * DAY, 9 * DAY - 480)],
  "hanna.weiss": [connects(DAY + 400, DAY - 90)],
  "thomas.baker": [connects(95 * DAY, 95 * DAY - 420)],
  "amara.diallo": [connects(3 * DAY, 3 * DAY - 12)],
  "bohdan.kovalenko": [connects(655, 640)],
  "chen.mei": [connects(12 * DAY, 12 * DAY - 7)],
  "frans.bakker": [connects(DAY + 100, DAY + 85)],
  "mary.oconnor": [connects(40 * DAY, 40 * DAY - 20)],
  "pedro.almeida": [connects(6 * DAY, 6 * DAY - 9)],
};
