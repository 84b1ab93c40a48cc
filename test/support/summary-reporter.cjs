/** Tells the counts to scripts/test.mjs. A file that could not even run counts as one failure. */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    process.send?.({
      passed: numPassedTests,
      failed: numFailedTests + numRuntimeErrorTestSuites,
    });
  }
};
