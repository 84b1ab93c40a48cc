/** The pages in a real browser: npm run test:browser. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.cjs"),
  testMatch: ["<rootDir>/test/browser/**/*.browser.ts"],
  globalSetup: "<rootDir>/test/browser/global-setup.ts",
  maxWorkers: 1,
  testTimeout: 90_000,
};
