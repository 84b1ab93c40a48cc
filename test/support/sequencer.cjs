const { default: TestSequencer } = require("@jest/test-sequencer");

// The slowest files, the slowest first. Measure again when files have changed much. A fresh checkout has no
// durations of its own, and the size of a file does not predict its duration.
const LONGEST = [
  "schema/explain",
  "faults/bounded-memory",
  "execution/variables",
  "execution/generated-results",
  "subscriptions/slow-clients",
  "process/start",
  "subscriptions/faults",
  "rules/reservation-race",
  "legacy-rest/long-lists/readers",
  "process/workers",
  "subscriptions/resume",
  "docs/legacy-rest",
  "graphql/introspection",
  "graphql/permissions",
  "graphql/unknown-ids",
  "graphql/bad-input",
  "graphql/batching",
  "graphql/lists",
  "faults/frozen-server",
  "faults/database-faults",
  "subscriptions/leaks",
  "process/refused-start",
  "legacy-rest/long-lists/memory",
  "legacy-rest/garbage",
  "pages/pages",
  "tracing/tracing",
  "docs/readme",
  "embedded-postgres",
  "process/drain",
  "subscriptions/websocket",
  "metrics/metrics",
  "process/killed-gateway",
  "schema/reservation-plans",
];

/** Runs the slow files first: otherwise the last of them would run alone while the other workers are idle. */
module.exports = class LongestFirst extends TestSequencer {
  sort(tests) {
    const place = ({ path }) => {
      const found = LONGEST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return found === -1 ? LONGEST.length : found;
    };
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
};
