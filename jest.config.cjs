/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/test/support/environment.cjs",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  testSequencer: "<rootDir>/test/support/sequencer.cjs",
  reporters: ["default", "<rootDir>/test/support/summary-reporter.cjs"],
  // One more than the processors of a small machine: many tests wait, for leases that run out or a server that comes back.
  maxWorkers: 3,
  // Long enough for a machine that is busy with much else.
  testTimeout: 60_000,
  moduleNameMapper: {
    "^(\\.{1,2}/.*)\\.js$": "$1",
    // `import()` of a path is compiled to `require`.
    "^file://(/.*)$": "$1",
  },
  // Decorators need their metadata; type checking is a step of its own (npm run check:types).
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
