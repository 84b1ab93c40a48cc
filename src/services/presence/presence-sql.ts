/*
 * The rules of src/domain/presence.ts in SQL. `p` is the alias of `presences`, `c` that of `presence_claims`, and `now`
 * an SQL expression for the time at which the rule is applied.
 */

/** A step of the plan is due: the stored status is no longer in effect. */
export const hasDueStep = (p: string, now: string): string => `${p}.changes_at <= ${now}`;

export const hasNoDueStep = (p: string, now: string): string =>
  `(${p}.changes_at IS NULL OR ${p}.changes_at > ${now})`;

/** A property of the last step of the plan that is due, as text; null without one. */
const lastDueStep = (property: "statusId" | "since", p: string, now: string): string => `(
    SELECT step->>'${property}' FROM jsonb_array_elements(${p}.plan) step
    WHERE (step->>'at')::timestamptz <= ${now}
    ORDER BY (step->>'at')::timestamptz DESC LIMIT 1
  )`;

/** The status of the last step that is due; null without one, when an earlier status is in effect. */
export const dueStatusId = (p: string, now: string): string =>
  `${lastDueStep("statusId", p, now)}::int`;

/** The status in effect: that of `presenceAt`. */
export const statusIdInEffect = (p: string, now: string): string =>
  `CASE WHEN ${hasDueStep(p, now)} THEN ${dueStatusId(p, now)} ELSE ${p}.status_id END`;

/** Since when that status has been in effect. */
export const inEffectSince = (p: string, now: string): string =>
  `CASE WHEN ${hasDueStep(p, now)} THEN ${lastDueStep("since", p, now)}::timestamptz ELSE ${p}.since END`;

/** What `asOfReading` needs beside the columns. The plan is selected only if a step is due: most plans begin later. */
export const columnsAsOf = (p: string, now: string): string =>
  `${now} AS "readAt", CASE WHEN ${hasDueStep(p, now)} THEN ${p}.plan END AS "duePlan"`;

/** A heartbeat or an open connection was seen within the lease. */
export const isOnline = (p: string, now: string): string => `${p}.lease_until > ${now}`;

export const isOffline = (p: string, now: string): string => `(${isOnline(p, now)}) IS NOT TRUE`;

/** The lock in effect: a user has one at most. */
export const isActiveLock = (c: string, now: string): string =>
  `${c}.kind = 'LOCK' AND (${c}.until IS NULL OR ${c}.until > ${now})`;

/** The lease has ended, and the row is not yet updated. */
export const hasEndedLease = (p: string, now: string): string => `${p}.lease_until <= ${now}`;

/** The claim has ended, and is not yet deleted. */
export const isEndedClaim = (c: string, now: string): string => `${c}.until <= ${now}`;
