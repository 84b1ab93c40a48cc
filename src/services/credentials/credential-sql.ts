/*
 * Which credentials are valid, in SQL. `k` is the alias of `api_keys`, `o` that of the owner of a key in `users` (no row
 * for a key without an owner), `r` that of `retired_api_key_secrets`, and `s` that of `login_sessions`. `now` is an SQL
 * expression for the time at which the rule is applied.
 */

/** Neither revoked nor expired. */
export const isValidKey = (k: string, now: string): string =>
  `${k}.revoked_at IS NULL AND (${k}.expires_at IS NULL OR ${k}.expires_at > ${now})`;

/** The owner of a key is not deactivated. */
export const isActiveOwner = (o: string): string => `(${o}.id IS NULL OR ${o}.active)`;

/** The overlap in which a rotated key accepts its former secret is not over. */
export const isValidRetiredSecret = (r: string, now: string): string => `${r}.expires_at > ${now}`;

/** The last use is noted once a minute at most. */
export const isUseStale = (credential: string, now: string): string =>
  `${credential}.last_used_at IS NULL OR ${credential}.last_used_at < ${now} - interval '1 minute'`;

/** Neither revoked nor expired. */
export const isValidSession = (s: string, now: string): string =>
  `${s}.revoked_at IS NULL AND ${s}.expires_at > ${now}`;
