import { createHash } from "node:crypto";
import type { UserKind } from "../domain/vocabulary.js";
import type { User } from "../entities/user.entity.js";
import type { DemoUser } from "./demo-user.js";
import { demoUsers, type DemoUsername } from "./users.js";
import { staff } from "./staff.js";
import { fictionalTelephone } from "./telephones.js";
import { daysBefore } from "./times.js";

/** Each system starts at a different number, so that an id of one system is unknown in the others. */
const FIRST_IDS = { user: 101, omnidesk: 1, jtel: 1001, clientexec: 24001 } as const;

const DAYS_BETWEEN_USERS = 12;

export type UserRow = Pick<User, "id" | "username" | "createdAt"> & Partial<User>;

const positions = new Map<string, number>(
  demoUsers.map(({ username }, position) => [username, position]),
);

function positionOf(username: DemoUsername): number {
  const position = positions.get(username);
  if (position === undefined) throw new Error(`${username} is not in the demo`);
  return position;
}

export const demoUserId = (username: DemoUsername): number => FIRST_IDS.user + positionOf(username);

/** Users further up in the list were created earlier. */
export const createdAtOf = (username: DemoUsername, now: Date): Date =>
  daysBefore(now, DAYS_BETWEEN_USERS * (demoUsers.length - positionOf(username)));

/** The same at every seeding, in the format of Rocket.Chat's random ids. */
const rocketChatIdFor = (username: string): string =>
  createHash("sha256")
    .update(username)
    .digest("base64")
    .replace(/[^0-9A-Za-z]/g, "")
    .slice(0, 17);

export const demoUserRows = (now: Date, staffPasswordHash: string): UserRow[] =>
  demoUsers.map((user, position) => {
    const isStaff = position < staff.length;
    return {
      ...describe(user, position, isStaff ? "STAFF" : "CUSTOMER"),
      id: FIRST_IDS.user + position,
      passwordHash: isStaff ? staffPasswordHash : null,
      createdAt: createdAtOf(user.username, now),
      updatedAt: daysBefore(now, position % DAYS_BETWEEN_USERS),
    };
  });

function describe(user: DemoUser, position: number, kind: UserKind) {
  const { username, locale } = user;
  const [firstname, lastname] = user.name;
  return {
    kind,
    username,
    firstname,
    lastname,
    email: `${username}@example.${kind === "STAFF" ? "com" : position % 2 === 0 ? "org" : "net"}`,
    emailVerified: user.emailVerified ?? true,
    telephone: user.telephone === null ? null : fictionalTelephone(locale, position),
    language: locale.slice(0, 2),
    dateFormat: user.dateFormat ?? locale,
    active: user.active ?? true,
    permissions: [...(user.permissions ?? [])],
    clientexecId: String(user.clientexecId ?? FIRST_IDS.clientexec + position),
    rocketChatId: user.rocketChatId ?? rocketChatIdFor(username),
    jtelId: FIRST_IDS.jtel + position,
    jtelUid: user.jtelUid ?? username,
    omnideskId: FIRST_IDS.omnidesk + position,
  };
}
