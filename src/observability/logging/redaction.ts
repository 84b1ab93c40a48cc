/**
 * Property names whose values are never logged. `parameters`, `detail`, `where` and `driverError` hold the
 * values of a failed statement.
 */
const SECRETS: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "apikey",
  "apiKey",
  "x-auth-token",
  "password",
  "passwordHash",
  "resume",
  "secret",
  "secretHash",
  "token",
  "tokenHash",
  "parameters",
  "detail",
  "where",
  "driverError",
]);

const REDACTED = "[Redacted]";

/** Deeper values are not useful in a log, and the limit ends circular references. */
const DEPTH_MAX = 5;

/**
 * A copy without secrets, at every depth. pino's own redaction needs one path per level; for three levels of
 * these names it took ten times as long as the rest of a log line.
 */
export function redacted(logged: object, depth = 1): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(logged).map(([name, value]) => [
      name,
      SECRETS.has(name) ? REDACTED : redactedValue(value, depth),
    ]),
  );
}

function redactedValue(value: unknown, depth: number): unknown {
  // Errors have their own serializer. An object with `toJSON` defines its own output.
  if (typeof value !== "object" || value === null || value instanceof Error) return value;
  if ("toJSON" in value) return value;
  if (depth === DEPTH_MAX) return REDACTED;
  if (Array.isArray(value)) return value.map((entry) => redactedValue(entry, depth + 1));
  return redacted(value, depth + 1);
}
