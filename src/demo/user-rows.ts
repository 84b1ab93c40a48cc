import { createHash } from "node:crypto";
import type { UserKind } from "../domain/vocabulary.js";
import type { User } from "../entities/user.entity.js";
import type { DemoPerson } from "./demo-person.js";
import { demoPeople, type DemoUsername } from "./people.js";
import { staff } from "./staff.js";
import { fictionalTelephone } from "./telephones.js";
import { daysBefore } from "./times.js";

/** Every system counts from elsewhere, so that an id taken for another's names nobody. */
const FIRST_IDS = { user: 101, omnidesk: 1, jtel: 1001, clientexec: 24001 } as const;

const DAYS_BETWEEN_PEOPLE = 12;

export type UserRow = Pick<User, "id" | "username" | "createdAt"> & Partial<User>;

const positions = new Map<string, number>(
  demoPeople.map(({ username }, position) => [username, position]),
);

function positionOf(username: DemoUsername): number {
  const position = positions.get(username);
  if (position === undefined) throw new Error(`${username} is not in the demo`);
  return position;
}

export const demoUserId = (username: DemoUsername): number => FIRST_IDS.user + positionOf(username);

/** Who is further up on the list has been there for longer. */
export const createdAtOf = (username: DemoUsername, now: Date): Date =>
  daysBefore(now, DAYS_BETWEEN_PEOPLE * (demoPeople.length - positionOf(username)));

/** The same at every seeding, though it looks as drawn as Rocket.Chat's own. */
const rocketChatIdFor = (username: string): string =>
  createHash("sha256")
    .update(username)
    .digest("base64")
    .replace(/[^0-9A-Za-z]/g, "")
    .slice(0, 17);

export const demoUserRows = (now: Date, staffPasswordHash: string): UserRow[] =>
  demoPeople.map((person, position) => {
    const isStaff = position < staff.length;
    return {
      ...describe(person, position, isStaff ? "STAFF" : "CUSTOMER"),
      id: FIRST_IDS.user + position,
      passwordHash: isStaff ? staffPasswordHash : null,
      createdAt: createdAtOf(person.username, now),
      updatedAt: daysBefore(now, position % DAYS_BETWEEN_PEOPLE),
    };
  });

function describe(person: DemoPerson, position: number, kind: UserKind) {
  const { username, locale } = person;
  const [firstname, lastname] = person.name;
  return {
    kind,
    username,
    firstname,
    lastname,
    email: `${username}@example.${kind === "STAFF" ? "com" : position % 2 === 0 ? "org" : "net"}`,
    emailVerified: person.emailVerified ?? true,
    telephone: person.telephone === null ? null : fictionalTelephone(locale, position),
    language: locale.slice(0, 2),
    dateFormat: person.dateFormat ?? locale,
    active: person.active ?? true,
    permissions: [...(person.permissions ?? [])],
    clientexecId: String(person.clientexecId ?? FIRST_IDS.clientexec + position),
    rocketChatId: person.rocketChatId ?? rocketChatIdFor(username),
    jtelId: FIRST_IDS.jtel + position,
    jtelUid: person.jtelUid ?? username,
    omnideskId: FIRST_IDS.omnidesk + position,
  };
}
