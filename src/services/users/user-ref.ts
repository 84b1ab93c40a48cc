import type { EntityManager } from "typeorm";
import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { integerKeyOf } from "../../domain/global-id.js";
import { type Operation, requirementOf } from "../../domain/permission-table.js";
import { type ExternalSystem, externalSystems } from "../../domain/vocabulary.js";
import { User } from "../../entities/user.entity.js";
import { conflict, notFound } from "../../errors/domain-error.js";
import type { Reader } from "../../database/reader.js";
import type { Properties } from "../../database/table.js";
import { authorize, isAuthorized } from "../authorize.js";

const externalRef = z.object({ system: z.enum(externalSystems), id: z.string().max(100) });

const keys = ["id", "username", "email", "telephone", "external"] as const;

/** The ways a caller may name a person: exactly one of them. Doors build one; only services resolve it. */
export const userRef = z
  .object({
    id: z.string().max(100).nullish(),
    username: z.string().max(254).nullish(),
    email: z.string().max(254).nullish(),
    telephone: z.string().max(100).nullish(),
    external: externalRef.nullish(),
  })
  .refine(
    (ref) => keys.filter((key) => ref[key] !== null && ref[key] !== undefined).length === 1,
    `must have exactly one of ${keys.join(", ")}`,
  );
export type UserRef = z.input<typeof userRef>;

interface Lookup {
  /** A condition over `u`, with the value as $1. */
  readonly where: string;
  readonly value: string;
}

const MAX_INTEGER = 2_147_483_647;
const isInteger = (id: string): boolean => /^[1-9]\d{0,9}$/.test(id) && Number(id) <= MAX_INTEGER;
const isBigint = (id: string): boolean => /^[1-9]\d{0,17}$/.test(id);

const externalLookups: Record<
  ExternalSystem,
  { readonly where: string; readonly fits: (id: string) => boolean }
> = {
  CLIENTEXEC: { where: "u.clientexec_id = $1::bigint", fits: isBigint },
  ROCKET_CHAT: { where: "u.rocket_chat_id = $1", fits: () => true },
  JTEL: { where: "u.jtel_id = $1::integer", fits: isInteger },
  OMNIDESK: { where: "u.omnidesk_id = $1::integer", fits: isInteger },
};

/** Of those who are named in another way than by id. Yields null for an id that the system in question cannot have given. */
function lookupOf(ref: z.output<typeof userRef>): Lookup | null {
  if (typeof ref.username === "string") {
    return { where: "lower(u.username) = lower($1)", value: ref.username };
  }
  if (typeof ref.email === "string")
    return { where: "lower(u.email) = lower($1)", value: ref.email };
  if (typeof ref.telephone === "string") return { where: "u.telephone = $1", value: ref.telephone };
  if (!ref.external) return null;
  const { where, fits } = externalLookups[ref.external.system];
  return fits(ref.external.id) ? { where, value: ref.external.id } : null;
}

/** What the caller wrote, for messages. */
const wordsOf = (ref: z.output<typeof userRef>): string =>
  ref.id ?? ref.username ?? ref.email ?? ref.telephone ?? ref.external?.id ?? "";

/** U+0000 cannot be stored, so nobody is called by it; Postgres would refuse it as a value. */
export const isStorable = (value: string): boolean => !value.includes("\u0000");

/**
 * Finds the person that a reference names, for one operation.
 *
 * @param wanted what will be looked at of them; without it: everything
 *
 * Without the permission, only oneself can be found; whether anybody else exists is not told.
 *
 * @throws CONFLICT when a telephone belongs to several people
 */
export async function findUser(
  reader: Reader,
  actor: Actor,
  operation: Operation,
  ref: z.output<typeof userRef>,
  wanted?: Properties,
): Promise<User | null> {
  // Who may not do it to anybody is refused before anything is looked up.
  if (requirementOf(operation).self !== true) authorize(actor, operation);
  const people =
    typeof ref.id === "string"
      ? await lookUpById(reader, ref.id, wanted)
      : await lookUpUsers(reader, ref, wanted);
  if (!people.some((person) => isAuthorized(actor, operation, person.id)))
    authorize(actor, operation);
  if (people.length > 1) {
    throw conflict("Several people have this telephone: name the person in another way");
  }
  return people[0] ?? null;
}

async function lookUpById(
  reader: Reader,
  id: string,
  wanted?: Properties,
): Promise<readonly User[]> {
  const key = integerKeyOf("User", id);
  if (key === null) return [];
  const table = reader.columnsOf(User, wanted);
  const read = {
    sql: `SELECT ${table.columns("u")} FROM users u WHERE u.id = ANY($1::int[])`,
    toRow: (raw: object) => table.toRow(raw),
    keyOf: (user: User) => user.id,
  };
  return (await reader.lookUpByKey(read, [key])).get(key) ?? [];
}

async function lookUpUsers(
  reader: Reader,
  ref: z.output<typeof userRef>,
  wanted?: Properties,
): Promise<User[]> {
  const lookup = lookupOf(ref);
  if (!lookup || !isStorable(lookup.value)) return [];
  const { where, value } = lookup;
  const table = reader.columnsOf(User, wanted);
  const sql = `SELECT ${table.columns("u")} FROM users u WHERE ${where} LIMIT 2`;
  return reader.lookUpRows(User, sql, [value], wanted);
}

/** @throws NOT_FOUND; otherwise as `findPerson` */
export async function getUser(
  reader: Reader,
  actor: Actor,
  operation: Operation,
  ref: z.output<typeof userRef>,
): Promise<User> {
  const person = await findUser(reader, actor, operation, ref);
  if (!person) throw notFound("User", wordsOf(ref));
  return person;
}

/**
 * Whom a change is about. Who is named by id is not looked up: the change itself finds out whether there is such a person.
 *
 * @throws as `getPerson`
 */
export async function userIdOfRef(
  reader: Reader,
  actor: Actor,
  operation: Operation,
  ref: z.output<typeof userRef>,
): Promise<number> {
  const id = typeof ref.id === "string" ? integerKeyOf("User", ref.id) : null;
  if (id === null) return (await getUser(reader, actor, operation, ref)).id;
  authorize(actor, operation, id);
  return id;
}

/**
 * Locks the row until the change ends, so that what is decided on it stays true. Not against rows that
 * merely refer to the person: two changes could then wait for each other.
 */
export async function lockUser(manager: EntityManager, id: number): Promise<User> {
  return manager.findOneOrFail(User, { where: { id }, lock: { mode: "for_no_key_update" } });
}
