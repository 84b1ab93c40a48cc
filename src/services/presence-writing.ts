import type { Claim, PresencePlan } from "../domain/presence.js";
import type { Turns } from "../domain/presence-appearance.js";
import { toGlobalId } from "../domain/global-id.js";
import type { Door, PresenceSource } from "../domain/vocabulary.js";
import { type PresenceClaim } from "../entities/presence-claim.entity.js";
import type { Presence } from "../entities/presence.entity.js";
import type { Change } from "../persistence/change.js";
import { Parameters } from "../persistence/parameters.js";

/** What others are told of a change of a presence. */
export interface PresenceNews extends Turns {
  /** As ISO text. */
  readonly at: string;
  /** The status in effect before and after, which may be the same. */
  readonly from: number;
  readonly to: number;
  readonly cause: string;
}

/** A change of a presence that others see. */
export interface PresenceStep extends PresenceNews {
  readonly source: PresenceSource;
  readonly actor: string;
  readonly door: Door;
  readonly lastInternalCallId: number | null;
}

/** What becomes of a presence. */
export interface Settlement {
  /** As it was read, under its lock. */
  readonly presence: Presence;
  readonly columns: Partial<Presence> & PresencePlan;
  readonly gone: readonly PresenceClaim[];
  readonly added: (Claim & { readonly setBy: number | null }) | undefined;
  readonly steps: readonly PresenceStep[];
}

type Column = readonly [name: keyof Presence, column: string, type: string];

/** The columns that follow from claims and the lease: written together, and only under the lock of the row. */
const PLANNED: readonly Column[] = [
  ["statusId", "status_id", "integer"],
  ["source", "source", "text"],
  ["since", "since", "timestamptz"],
  ["changesAt", "changes_at", "timestamptz"],
  ["plan", "plan", "jsonb"],
  ["leaseUntil", "lease_until", "timestamptz"],
];

/** Those that signs of life change besides. */
const SIGNED: readonly Column[] = [
  ...PLANNED,
  ["onlineSince", "online_since", "timestamptz"],
  ["lastSeenAt", "last_seen_at", "timestamptz"],
  ["lastRequestedAt", "last_requested_at", "timestamptz"],
  ["lastViewModule", "last_view_module", "text"],
  ["lastViewName", "last_view_name", "text"],
  ["lastViewTarget", "last_view_target", "text"],
  ["telephoneStatus", "telephone_status", "text"],
  ["telephoneChangedAt", "telephone_changed_at", "timestamptz"],
];

/** SQL that reads rows from a value, which is JSON, under the names that they have there. */
const rowsIn = (json: string, columns: readonly string[]): string =>
  `jsonb_to_recordset(${json}::jsonb) AS r(${columns.join(", ")})`;

const DELETE_CLAIMS = (ids: string): string =>
  `DELETE FROM presence_claims WHERE id = ANY(${ids}::bigint[])`;

const INSERT_CLAIMS = (rows: string): string => `
  INSERT INTO presence_claims (user_id, kind, source, status_id, set_at, until, set_by, reason)
  SELECT r."userId", r."kind", r."source", r."statusId", r."setAt", r."until", r."setBy", r."reason"
  FROM ${rowsIn(rows, ['"userId" integer', '"kind" text', '"source" text', '"statusId" integer', '"setAt" timestamptz', '"until" timestamptz', '"setBy" integer', '"reason" text'])}`;

const INSERT_STATUS_CHANGES = (rows: string): string => `
  INSERT INTO status_changes (user_id, changed_at, from_status_id, to_status_id, source, cause, actor, door, last_internal_call_id)
  SELECT r."userId", r."at", r."from", r."to", r."source", r."cause", r."actor", r."door", r."lastInternalCallId"
  FROM ${rowsIn(rows, ['"userId" integer', '"at" timestamptz', '"from" int', '"to" int', '"source" text', '"cause" text', '"actor" text', '"door" text', '"lastInternalCallId" bigint'])}
  ORDER BY r."at"`;

const UPDATE_PRESENCES = (rows: string, columns: readonly Column[]): string => `
  UPDATE presences p SET ${columns.map(([name, column]) => `${column} = r."${name}"`).join(", ")}
  FROM ${rowsIn(rows, ['"userId" integer', ...columns.map(([name, , type]) => `"${name}" ${type}`)])}
  WHERE p.user_id = r."userId"`;

const SIGNED_ALONE = SIGNED.slice(PLANNED.length);

/** Writes any number of presences, their claims and the history in one statement, and announces what others see of it. */
export function writeSettlements(change: Change, settlements: readonly Settlement[]): void {
  if (settlements.length === 0) return;
  const gone = settlements.flatMap((settlement) => settlement.gone.map(({ id }) => id));
  const added = settlements.flatMap(({ presence: { userId }, added: claim }) =>
    claim ? [{ ...claim, userId }] : [],
  );
  const steps = settlements.flatMap(({ presence: { userId }, steps: own }) =>
    own.map((step) => ({ userId, ...step })),
  );
  const turns = steps.filter(({ from, to }) => from !== to);

  const parameters = new Parameters();
  const json = (rows: readonly object[]) => parameters.add(JSON.stringify(rows));
  const parts: string[] = [];
  if (gone.length > 0) parts.push(`gone AS (${DELETE_CLAIMS(parameters.add(gone))} RETURNING id)`);
  if (added.length > 0) {
    // A lock takes the place of another one, which must be gone before.
    const after = gone.length > 0 ? "WHERE (SELECT count(*) FROM gone) > 0" : "";
    parts.push(`added AS (${INSERT_CLAIMS(json(added))} ${after})`);
  }
  if (turns.length > 0) parts.push(`turned AS (${INSERT_STATUS_CHANGES(json(turns))})`);
  const columns = columnsOf(settlements);
  const update = UPDATE_PRESENCES(json(rowsOf(settlements, columns)), columns);
  change.write(parts.length > 0 ? `WITH ${parts.join(",")} ${update}` : update, parameters.values);

  for (const { userId, at, from, to, online, locked, cause } of steps) {
    const payload: PresenceNews = { at, from, to, online, locked, cause };
    change.announce({ topic: "presenceChanged", subject: toGlobalId("User", userId), payload });
  }
}

/** When thousands run out at once, nothing is written of them that stays as it is. */
const columnsOf = (settlements: readonly Settlement[]): readonly Column[] =>
  settlements.some(({ columns }) => SIGNED_ALONE.some(([name]) => name in columns))
    ? SIGNED
    : PLANNED;

const rowsOf = (settlements: readonly Settlement[], written: readonly Column[]): object[] =>
  settlements.map(({ presence, columns }) => {
    const row: Record<string, unknown> = { userId: presence.userId };
    for (const [name] of written) row[name] = name in columns ? columns[name] : presence[name];
    return row;
  });
