import { usageError } from "./errors.js";

const systems = {
  clientexec: "CLIENTEXEC",
  "rocket-chat": "ROCKET_CHAT",
  jtel: "JTEL",
  omnidesk: "OMNIDESK",
} as const;

const fields = ["id", "username", "email", "telephone"];

export const USER_ARGUMENT = "a username, or email:…, telephone:…, id:…, or a legacy id: jtel:7";

/**
 * Parses an argument into `UserBy`. A username has no colon, so the text before a colon names the kind of
 * reference.
 */
export function userBy(argument: string): Record<string, unknown> {
  const [, field, value] = /^([a-z-]+):(.+)$/s.exec(argument) ?? [];
  if (field === undefined || value === undefined) return { username: argument };
  if (fields.includes(field)) return { [field]: value };
  return { external: externalId(argument) };
}

/** @throws CliError unless the argument is a system and an id */
export function externalId(argument: string): { system: string; id: string } {
  const [, name = "", id = ""] = /^([a-z-]+):(.+)$/s.exec(argument) ?? [];
  const system = Object.hasOwn(systems, name) ? systems[name as keyof typeof systems] : undefined;
  if (system === undefined) {
    const known = [...fields, ...Object.keys(systems)].join(", ");
    throw usageError(
      `"${argument}" is not a reference to a user: before the colon there can be ${known}`,
    );
  }
  return { system, id };
}
