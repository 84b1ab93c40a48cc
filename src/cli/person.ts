import { usageError } from "./faults.js";

const systems = {
  clientexec: "CLIENTEXEC",
  "rocket-chat": "ROCKET_CHAT",
  jtel: "JTEL",
  omnidesk: "OMNIDESK",
} as const;

const ways = ["id", "username", "email", "telephone"];

export const PERSON = "a username, or email:…, telephone:…, id:…, or by old id: jtel:7";

/** `UserBy` from one word: a username has no colon in it, so what stands before one says how the person is named. */
export function personBy(word: string): Record<string, unknown> {
  const [, way, value] = /^([a-z-]+):(.+)$/s.exec(word) ?? [];
  if (way === undefined || value === undefined) return { username: word };
  if (ways.includes(way)) return { [way]: value };
  return { external: externalId(word) };
}

/** @throws CliError for anything but a system and an id */
export function externalId(word: string): { system: string; id: string } {
  const [, name = "", id = ""] = /^([a-z-]+):(.+)$/s.exec(word) ?? [];
  const system = Object.hasOwn(systems, name) ? systems[name as keyof typeof systems] : undefined;
  if (system === undefined) {
    const known = [...ways, ...Object.keys(systems)].join(", ");
    throw usageError(`"${word}" names nobody: before the colon there can be ${known}`);
  }
  return { system, id };
}
