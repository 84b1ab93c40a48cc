import { z } from "zod";
import * as text from "../../domain/text-rules.js";
import { type ExternalSystem, externalSystems } from "../../domain/vocabulary.js";
import type { User } from "../../entities/user.entity.js";
import { badInput } from "../../errors/domain-error.js";
import type { Change } from "../../database/changes/change.js";
import { newRocketChatId } from "../credentials/secrets.js";

export const externalIdsInput = z
  .array(
    z.object({
      system: z.enum(externalSystems),
      id: z.string().max(100),
      uid: text.label.nullish(),
    }),
  )
  .max(externalSystems.length);
export type ExternalIdsInput = z.output<typeof externalIdsInput>;

type ExternalColumns = Pick<
  User,
  "clientexecId" | "rocketChatId" | "jtelId" | "jtelUid" | "omnideskId" | "importedFrom"
>;

const patterns: Record<ExternalSystem, { pattern: RegExp; words: string }> = {
  CLIENTEXEC: { pattern: /^[1-9]\d{0,17}$/, words: "must be up to 18 digits" },
  ROCKET_CHAT: { pattern: /^[0-9A-Za-z]{17}$/, words: "must be 17 letters and digits" },
  JTEL: { pattern: /^[1-9]\d{0,8}$/, words: "must be up to 9 digits" },
  OMNIDESK: { pattern: /^[1-9]\d{0,8}$/, words: "must be up to 9 digits" },
};

/** @throws BAD_USER_INPUT for an id that its system cannot issue, or two ids of one system */
export function assertExternalIds(input: ExternalIdsInput): void {
  idsBySystem(input);
}

/** @throws as `assertExternalIds` */
function idsBySystem(input: ExternalIdsInput): Map<ExternalSystem, ExternalIdsInput[number]> {
  const bySystem = new Map(input.map((given) => [given.system, given]));
  const errors = input.flatMap((given, i) => {
    if (bySystem.get(given.system) !== given) {
      return [{ path: `externalIds.${i}.system`, message: "must be given only once" }];
    }
    if (given.uid && given.system !== "JTEL") {
      return [{ path: `externalIds.${i}.uid`, message: "applies only to JTEL" }];
    }
    const { pattern, words } = patterns[given.system];
    return pattern.test(given.id) ? [] : [{ path: `externalIds.${i}.id`, message: words }];
  });
  if (errors.length > 0) throw badInput(errors);
  return bySystem;
}

/**
 * One id per legacy system for a new user: given ids are kept, the others generated. Holds the lock of
 * `lockExternalIds` until the change ends.
 */
export async function externalColumns(
  change: Change,
  input: ExternalIdsInput,
  username: string,
): Promise<ExternalColumns> {
  const given = idsBySystem(input);
  await lockExternalIds(change);
  const jtel = given.get("JTEL");
  return {
    clientexecId: given.get("CLIENTEXEC")?.id ?? String(await freeNumber(change, "clientexec_id")),
    rocketChatId: given.get("ROCKET_CHAT")?.id ?? newRocketChatId(),
    jtelId: Number(jtel?.id ?? (await freeNumber(change, "jtel_id"))),
    jtelUid: jtel?.uid ?? (await freeUid(change, username)),
    omnideskId: Number(given.get("OMNIDESK")?.id ?? (await freeNumber(change, "omnidesk_id"))),
    importedFrom: [...given.keys()],
  };
}

/** Serialises the changes that assign ids: ids of uncommitted transactions cannot be seen. */
export async function lockExternalIds(change: Change): Promise<void> {
  await change.query(`SELECT pg_advisory_xact_lock(hashtext('rollcall:external-ids'))`);
}

type NumberColumn = "clientexec_id" | "jtel_id" | "omnidesk_id";

const freeNumber = async (change: Change, column: NumberColumn): Promise<number> =>
  Number((await freeNumbers(change, column, 1, []))[0]);

/**
 * The next free numbers of a sequence. Imported users have ids of their own, so some numbers may be taken; when the
 * last one is, the sequence skips the whole run of taken numbers.
 *
 * @param promised numbers that this change assigns and has not written yet
 */
export async function freeNumbers(
  change: Change,
  column: NumberColumn,
  count: number,
  promised: readonly string[],
): Promise<string[]> {
  const sequence = `users_${column}_seq`;
  const free: string[] = [];
  while (free.length < count) {
    const next = await change.query<{ number: string; taken: boolean }>(
      `SELECT number::text, number = ANY ($2::bigint[]) OR (SELECT true FROM users WHERE ${column} = number) IS NOT NULL AS taken
       FROM (SELECT nextval('${sequence}') AS number FROM generate_series(1, $1::integer)) AS next`,
      [count - free.length, promised],
    );
    free.push(...next.filter(({ taken }) => !taken).map(({ number }) => number));
    const last = next.at(-1);
    if (!last?.taken) continue;
    await change.query(
      `SELECT setval('${sequence}', greatest($1::bigint, (
         SELECT min(u.${column}) FROM users u WHERE u.${column} >= $1::bigint
         AND NOT EXISTS (SELECT 1 FROM users n WHERE n.${column} = u.${column} + 1))))`,
      [last.number],
    );
  }
  return free;
}

/** jtel's UID is the username, unless an imported user has it already. */
async function freeUid(change: Change, username: string): Promise<string> {
  const taken = await change.query(`SELECT 1 FROM users WHERE lower(jtel_uid) = lower($1)`, [
    username,
  ]);
  return taken.length === 0 ? username : `${username}-${newRocketChatId().slice(0, 6)}`;
}
