/** The gateway behind a real PgBouncer in transaction mode: npm run test:pgbouncer. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.cjs"),
  // One test file for each use of connections: reads, mutations, locks, long lists, events.
  testMatch: [
    "pgbouncer/*.pgbouncer.ts",
    "graphql/{conflicts,idempotency,lists,login,nodes,rotate-api-key}.test.ts",
    "doors/{failed-attempts,idempotency,lock-status,outbox,parallel-updates}.test.ts",
    "doors/{presence-told,reservation,reservation-race,same-person,set-status}.test.ts",
    "legacy-rest/{idempotency,clientexec/online-users,jtel/users,long-lists/readers}.test.ts",
    "legacy-rest/omnidesk/{status,users}.test.ts",
    "legacy-rest/rocket-chat/{presence,real-clients,set-status}.test.ts",
    "live/{credential-end,resume,subscriptions,two-gateways}.test.ts",
  ].map((files) => `<rootDir>/test/${files}`),
  globalSetup: "<rootDir>/test/pgbouncer/global-setup.ts",
  globalTeardown: "<rootDir>/test/pgbouncer/global-teardown.ts",
};
