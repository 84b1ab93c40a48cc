import type { EntityManager } from "typeorm";
import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { integerKeyOf, toGlobalId } from "../../domain/global-id.js";
import { MAX_INT32 } from "../../domain/integer.js";
import { type Operation, requirementOf } from "../../domain/permission-table.js";
import { type ExternalSystem, externalSystems } from "../../domain/vocabulary.js";
import { User } from "../../entities/user.entity.js";
import { conflict, notFound } from "../../errors/domain-error.js";
import type { Reader } from "../../database/reader.js";
import type { Properties } from "../../database/table.js";
import { authorize, isAuthorized } from "../authorize.js";

const externalRef = z.object({ system: z.enum(externalSystems), id: z.string().max(100) });

const keys = ["id", "username", "email", "telephone", "external"] as const;

/** How a caller names a user: exactly one of the keys. The APIs build it; only services resolve it. */
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

/** Null for a credential that belongs to no user. */
export const refOfSelf = ({ userId }: Pick<Actor, "userId">): UserRef | null =>
  userId === null ? null : { id: toGlobalId("User", userId) };

interface Lookup {
  /** A condition over `users u`, with the value as $1. */
  readonly where: string;
  readonly value: string;
}

const isInteger = (id: string): boolean => /^[1-9]\d{0,9}$/.test(id) && Number(id) <= MAX_INT32;
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

/** For every key but `id`. Null for an external id that its system cannot have issued. */
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

/** The reference as the caller wrote it, for messages. */
const valueOf = (ref: z.output<typeof userRef>): string =>
  ref.id ?? ref.username ?? ref.email ?? ref.telephone ?? ref.external?.id ?? "";

/** Postgres refuses U+0000 as a value, so no stored text contains it. */
export const isStorable = (value: string): boolean => !value.includes("\u0000");

/**
 * Finds the user of a reference, for one operation. Without the permission a caller finds only the signed-in user, and
 * gets the same error whether or not another user exists.
 *
 * @param columns the columns that the caller reads; all when omitted
 * @returns null when there is no such user
 * @throws UNAUTHENTICATED, FORBIDDEN; CONFLICT when several users have the telephone number
 */
export async function findUser(
  reader: Reader,
  actor: Actor,
  operation: Operation,
  ref: z.output<typeof userRef>,
  columns?: Properties,
): Promise<User | null> {
  // Without `self`, the permission decides alone: refuse before any lookup.
  if (requirementOf(operation).self !== true) authorize(actor, operation);
  const users =
    typeof ref.id === "string"
      ? await lookUpById(reader, ref.id, columns)
      : await lookUpUsers(reader, ref, columns);
  if (!users.some(({ id }) => isAuthorized(actor, operation, id))) authorize(actor, operation);
  if (users.length > 1) {
    throw conflict("Several users have this telephone number; identify the user in another way");
  }
  return users[0] ?? null;
}

async function lookUpById(
  reader: Reader,
  id: string,
  columns?: Properties,
): Promise<readonly User[]> {
  const key = integerKeyOf("User", id);
  if (key === null) return [];
  const table = reader.columnsOf(User, columns);
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
  columns?: Properties,
): Promise<User[]> {
  const lookup = lookupOf(ref);
  if (!lookup || !isStorable(lookup.value)) return [];
  const { where, value } = lookup;
  const table = reader.columnsOf(User, columns);
  const sql = `SELECT ${table.columns("u")} FROM users u WHERE ${where} LIMIT 2`;
  return reader.lookUpRows(User, sql, [value], columns);
}

/** @throws NOT_FOUND; otherwise as `findUser` */
export async function getUser(
  reader: Reader,
  actor: Actor,
  operation: Operation,
  ref: z.output<typeof userRef>,
): Promise<User> {
  const user = await findUser(reader, actor, operation, ref);
  if (!user) throw notFound("User", valueOf(ref));
  return user;
}

/**
 * The id of the user that a change is about. A global id is decoded without a lookup: the change itself finds out
 * whether the user exists.
 *
 * @throws as `getUser`
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
 * Locks the row until the transaction ends. FOR NO KEY UPDATE does not block rows that only refer to the user; FOR
 * UPDATE would, and two changes could deadlock.
 */
export async function lockUser(manager: EntityManager, id: number): Promise<User> {
  return manager.findOneOrFail(User, { where: { id }, lock: { mode: "for_no_key_update" } });
}
