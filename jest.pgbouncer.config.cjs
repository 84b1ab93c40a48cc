const { existsSync } = require("node:fs");
const { join } = require("node:path");

/** One test file for each use of connections: reads, mutations, locks, long lists, events. By folder of `test`. */
const files = {
  graphql: ["conflicts", "idempotency", "lists", "login", "nodes", "rotate-api-key"],
  rules: [
    "failed-attempts",
    "idempotency",
    "lock-status",
    "outbox",
    "parallel-updates",
    "presence-told",
    "reservation",
    "reservation-race",
    "same-person",
    "set-status",
  ],
  "legacy-rest": ["idempotency", "clientexec/online-users", "jtel/users", "long-lists/readers"],
  "legacy-rest/omnidesk": ["status", "users"],
  "legacy-rest/rocket-chat": ["presence", "real-clients", "set-status"],
  subscriptions: ["credential-end", "resume", "subscriptions", "two-gateways"],
};

const paths = Object.entries(files).flatMap(([folder, names]) =>
  names.map((name) => join("test", folder, `${name}.test.ts`)),
);
// Jest runs the remaining files without a word when one of them has moved.
const missing = paths.filter((path) => !existsSync(join(__dirname, path)));
if (missing.length > 0) throw new Error(`Missing: ${missing.join(", ")}`);

/** The gateway behind a real PgBouncer in transaction mode: npm run test:pgbouncer. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.cjs"),
  testMatch: ["test/pgbouncer/*.pgbouncer.ts", ...paths].map((path) => `<rootDir>/${path}`),
  globalSetup: "<rootDir>/test/pgbouncer/global-setup.ts",
  globalTeardown: "<rootDir>/test/pgbouncer/global-teardown.ts",
};
