// Logs a usage report: how often each operation was executed, how long it took, and the codes of its errors.
// Start the gateway with GRAPHQL_PLUGINS=examples/usage-report-plugin/plugin.mjs

const INTERVAL_MS = Number(process.env.USAGE_REPORT_SECONDS ?? 60) * 1000;

/** Clients choose the names of operations, so their number needs a limit. */
const MAX_NAMES = 1000;
const OTHER = "(other)";

/** @type {Map<string, { count: number, totalMs: number, maxMs: number, errors: Record<string, number> }>} */
let usage = new Map();

function usageOf(name) {
  const key = usage.has(name) || usage.size < MAX_NAMES ? name : OTHER;
  const known = usage.get(key) ?? { count: 0, totalMs: 0, maxMs: 0, errors: {} };
  usage.set(key, known);
  return known;
}

function record(name, ms, errors) {
  const operation = usageOf(name);
  operation.count += 1;
  operation.totalMs += ms;
  operation.maxMs = Math.max(operation.maxMs, ms);
  for (const { extensions } of errors) {
    const code = String(extensions?.code);
    operation.errors[code] = (operation.errors[code] ?? 0) + 1;
  }
}

function report(logger) {
  const reported = usage;
  usage = new Map();
  for (const [operation, { count, totalMs, maxMs, errors }] of reported) {
    const meanMs = Math.round(totalMs / count);
    logger.info({ operation, count, meanMs, maxMs: Math.round(maxMs), errors }, "usage");
  }
}

/** @type {import("@apollo/server").ApolloServerPlugin} */
export default {
  serverWillStart: async ({ logger }) => {
    const timer = setInterval(() => report(logger), INTERVAL_MS).unref();
    return {
      serverWillStop: async () => {
        clearInterval(timer);
        report(logger);
      },
    };
  },

  requestDidStart: async () => {
    const startedAt = performance.now();
    return {
      willSendResponse: async ({ operation, operationName, response: { body } }) => {
        const { errors = [] } = body.kind === "single" ? body.singleResult : body.initialResult;
        const name = `${operation?.operation} ${operationName ?? "(unnamed)"}`;
        record(name, performance.now() - startedAt, errors);
      },
    };
  },
};
