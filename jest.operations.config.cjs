/** What operators do, with the programs that they have: npm run test:operations. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.cjs"),
  testMatch: ["<rootDir>/test/operations/**/*.operations.ts"],
  maxWorkers: 1,
  testTimeout: 300_000,
};
