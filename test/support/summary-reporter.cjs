/** Reports the counts to scripts/test.mjs. A file that fails to run counts as one failure. */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    process.send?.({
      passed: numPassedTests,
      failed: numFailedTests + numRuntimeErrorTestSuites,
    });
  }
};
