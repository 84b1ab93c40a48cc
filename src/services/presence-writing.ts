import type { Claim, PresencePlan } from "../domain/presence.js";
import type { Turns } from "../domain/presence-appearance.js";
import { toGlobalId } from "../domain/global-id.js";
import type { Door, PresenceSource } from "../domain/vocabulary.js";
import { type PresenceClaim } from "../entities/presence-claim.entity.js";
import type { Presence } from "../entities/presence.entity.js";
import type { Change } from "../persistence/change.js";

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

const updateOf = (columns: readonly Column[]): string => `
  UPDATE presences p SET ${columns.map(([name, column]) => `${column} = w."${name}"`).join(", ")}
  FROM jsonb_to_recordset($1::jsonb) AS w("userId" integer, ${columns.map(([name, , type]) => `"${name}" ${type}`).join(", ")})
  WHERE p.user_id = w."userId"`;

const SIGNED_ALONE = SIGNED.slice(PLANNED.length);
const UPDATE_PLANNED = updateOf(PLANNED);
const UPDATE_SIGNED = updateOf(SIGNED);

const INSERT_CLAIMS = `
  INSERT INTO presence_claims (user_id, kind, source, status_id, set_at, until, set_by, reason)
  SELECT c."userId", c."kind", c."source", c."statusId", c."setAt", c."until", c."setBy", c."reason"
  FROM jsonb_to_recordset($1::jsonb) AS c("userId" integer, "kind" text, "source" text, "statusId" integer,
    "setAt" timestamptz, "until" timestamptz, "setBy" integer, "reason" text)`;

/** Writes any number of presences, their claims, the history and the events in as many statements as one. */
export function writeSettlements(change: Change, settlements: readonly Settlement[]): void {
  if (settlements.length === 0) return;
  const gone = settlements.flatMap((settlement) => settlement.gone.map(({ id }) => id));
  if (gone.length > 0)
    change.write(`DELETE FROM presence_claims WHERE id = ANY($1::bigint[])`, [gone]);
  const added = settlements.flatMap(({ presence: { userId }, added: claim }) =>
    claim ? [{ ...claim, userId }] : [],
  );
  if (added.length > 0) change.write(INSERT_CLAIMS, [JSON.stringify(added)]);
  writeColumns(change, settlements);

  const steps = settlements.flatMap(({ presence: { userId }, steps: own }) =>
    own.map((step) => ({ userId, ...step })),
  );
  recordStatusChanges(
    change,
    steps.filter(({ from, to }) => from !== to),
  );
  for (const { userId, at, from, to, online, locked, cause } of steps) {
    const payload: PresenceNews = { at, from, to, online, locked, cause };
    change.announce({ topic: "presenceChanged", subject: toGlobalId("User", userId), payload });
  }
}

/** When thousands run out at once, nothing is written of them that stays as it is. */
function writeColumns(change: Change, settlements: readonly Settlement[]): void {
  const isSigned = settlements.some(({ columns }) =>
    SIGNED_ALONE.some(([name]) => name in columns),
  );
  const rows = settlements.map(({ presence, columns }) => {
    const row: Record<string, unknown> = { userId: presence.userId };
    for (const [name] of isSigned ? SIGNED : PLANNED) {
      row[name] = name in columns ? columns[name] : presence[name];
    }
    return row;
  });
  change.write(isSigned ? UPDATE_SIGNED : UPDATE_PLANNED, [JSON.stringify(rows)]);
}

function recordStatusChanges(
  change: Change,
  steps: readonly (PresenceStep & { readonly userId: number })[],
): void {
  if (steps.length === 0) return;
  change.write(
    `INSERT INTO status_changes (user_id, changed_at, from_status_id, to_status_id, source, cause, actor, door, last_internal_call_id)
     SELECT s."userId", s."at", s."from", s."to", s."source", s."cause", s."actor", s."door", s."lastInternalCallId"
     FROM jsonb_to_recordset($1::jsonb) AS s("userId" integer, "at" timestamptz, "from" int, "to" int, "source" text, "cause" text, "actor" text, "door" text, "lastInternalCallId" bigint)
     ORDER BY s."at"`,
    [JSON.stringify(steps)],
  );
}
