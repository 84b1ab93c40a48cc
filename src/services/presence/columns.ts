import type { Presence } from "../../entities/presence.entity.js";

/** A column of `presences` for a statement: its property, name and type. */
export type Column = readonly [property: keyof Presence, name: string, type: string];

/** They follow from claims and the lease, and are always written together, under the lock of the row. */
export const plannedColumns: readonly Column[] = [
  ["statusId", "status_id", "integer"],
  ["source", "source", "text"],
  ["since", "since", "timestamptz"],
  ["changesAt", "changes_at", "timestamptz"],
  ["plan", "plan", "jsonb"],
  ["leaseUntil", "lease_until", "timestamptz"],
];

/** They are what clients report. */
export const reportedColumns = [
  ["onlineSince", "online_since", "timestamptz"],
  ["lastSeenAt", "last_seen_at", "timestamptz"],
  ["lastRequestedAt", "last_requested_at", "timestamptz"],
  ["lastViewModule", "last_view_module", "text"],
  ["lastViewName", "last_view_name", "text"],
  ["lastViewTarget", "last_view_target", "text"],
  ["telephoneStatus", "telephone_status", "text"],
  ["telephoneChangedAt", "telephone_changed_at", "timestamptz"],
] as const satisfies readonly Column[];
export type ReportedColumn = (typeof reportedColumns)[number][0];

export const allColumns: readonly Column[] = [...plannedColumns, ...reportedColumns];
