import type { Claim, PresencePlan } from "../../domain/presence.js";
import type { AppearanceChange } from "../../domain/presence-appearance.js";
import { toGlobalId } from "../../domain/global-id.js";
import type { Door, PresenceSource } from "../../domain/vocabulary.js";
import { type PresenceClaim } from "../../entities/presence-claim.entity.js";
import type { Presence } from "../../entities/presence.entity.js";
import type { Change } from "../../database/change.js";

/** What others are told of a change of a presence. */
export interface PresenceNews extends AppearanceChange {
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

/**
 * Claims that go, claims that come, the history and the presences, each in a value of its own, which is null where there is
 * nothing to write. A lock takes the place of another one, so what goes must be gone before.
 */
const statementOf = (columns: readonly Column[]): string => `
  WITH gone AS (
    DELETE FROM presence_claims WHERE id = ANY($1::bigint[]) RETURNING id
  ), added AS (
    INSERT INTO presence_claims (user_id, kind, source, status_id, set_at, until, set_by, reason)
    SELECT c."userId", c."kind", c."source", c."statusId", c."setAt", c."until", c."setBy", c."reason"
    FROM jsonb_to_recordset($2::jsonb) AS c("userId" integer, "kind" text, "source" text, "statusId" integer,
      "setAt" timestamptz, "until" timestamptz, "setBy" integer, "reason" text)
    WHERE (SELECT count(*) FROM gone) >= 0
  ), turned AS (
    INSERT INTO status_changes (user_id, changed_at, from_status_id, to_status_id, source, cause, actor, door, last_internal_call_id)
    SELECT s."userId", s."at", s."from", s."to", s."source", s."cause", s."actor", s."door", s."lastInternalCallId"
    FROM jsonb_to_recordset($3::jsonb) AS s("userId" integer, "at" timestamptz, "from" int, "to" int, "source" text,
      "cause" text, "actor" text, "door" text, "lastInternalCallId" bigint)
    ORDER BY s."at"
  )
  UPDATE presences p SET ${columns.map(([name, column]) => `${column} = w."${name}"`).join(", ")}
  FROM jsonb_to_recordset($4::jsonb) AS w("userId" integer, ${columns.map(([name, , type]) => `"${name}" ${type}`).join(", ")})
  WHERE p.user_id = w."userId"`;

const SIGNED_ALONE = SIGNED.slice(PLANNED.length);
const WRITE_PLANNED = statementOf(PLANNED);
const WRITE_SIGNED = statementOf(SIGNED);

/**
 * Writes any number of presences, their claims and the history in one statement, and announces what others see of it. The
 * presences that were read become what is written.
 */
export function writeSettlements(change: Change, wanted: readonly (Settlement | null)[]): void {
  const settlements = wanted.filter((settlement) => settlement !== null);
  if (settlements.length === 0) return;
  const gone = settlements.flatMap((settlement) => settlement.gone.map(({ id }) => id));
  const added = settlements.flatMap(({ presence: { userId }, added: claim }) =>
    claim ? [{ ...claim, userId }] : [],
  );
  const steps = settlements.flatMap(({ presence: { userId }, steps: own }) =>
    own.map((step) => ({ userId, ...step })),
  );
  const turns = steps.filter(({ from, to }) => from !== to);
  // When thousands run out at once, nothing is written of them that stays as it is.
  const isSigned = settlements.some(({ columns }) =>
    SIGNED_ALONE.some(([name]) => name in columns),
  );
  const rows = rowsOf(settlements, isSigned ? SIGNED : PLANNED);
  const values = [gone.length > 0 ? gone : null, jsonOf(added), jsonOf(turns), jsonOf(rows)];
  change.write(isSigned ? WRITE_SIGNED : WRITE_PLANNED, values);

  for (const { userId, at, from, to, online, locked, cause } of steps) {
    const payload: PresenceNews = { at, from, to, online, locked, cause };
    change.announce({ topic: "presenceChanged", subject: toGlobalId("User", userId), payload });
  }
  for (const { presence, columns } of settlements) Object.assign(presence, columns);
}

const jsonOf = (rows: readonly object[]): string | null =>
  rows.length > 0 ? JSON.stringify(rows) : null;

const rowsOf = (settlements: readonly Settlement[], written: readonly Column[]): object[] =>
  settlements.map(({ presence, columns }) => {
    const row: Record<string, unknown> = { userId: presence.userId };
    for (const [name] of written) row[name] = name in columns ? columns[name] : presence[name];
    return row;
  });
