/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/support/environment.cjs",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  testSequencer: "<rootDir>/test/support/sequencer.cjs",
  reporters: ["default", "<rootDir>/test/support/summary-reporter.cjs"],
  // One more than the processors of a small machine: many tests wait, such as for leases to expire or a server to restart.
  maxWorkers: 3,
  // Long enough for a busy machine.
  testTimeout: 60_000,
  moduleNameMapper: {
    "^(\\.{1,2}/.*)\\.js$": "$1",
    // `import()` of a path is compiled to `require`.
    "^file://(/.*)$": "$1",
  },
  // Decorators need their metadata. Types are checked separately (npm run check:types).
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        jsc: {
          target: "es2022",
          parser: { syntax: "typescript", decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
        },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
};
