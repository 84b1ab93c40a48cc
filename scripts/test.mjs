// npm test: installs what is missing, runs Jest with the given arguments, and prints the counts. Jest compiles
// the sources itself, so no build is needed.
import { spawn } from "node:child_process";
import { join } from "node:path";

import { ensureInstalled, root } from "./prepare.mjs";

ensureInstalled();

let { passed, failed } = { passed: 0, failed: 0 };
const exitCode = await runJest(process.argv.slice(2));

// A run that failed for another reason, such as its setup or teardown, must not count as clean.
const failures = exitCode !== 0 && failed === 0 ? 1 : failed;
console.log(`${passed} passed, ${failures} failed`);
process.exitCode = exitCode;

function runJest(parameters) {
  const jest = spawn(
    process.execPath,
    [join(root, "node_modules", "jest", "bin", "jest.js"), ...parameters],
    { cwd: root, stdio: ["inherit", "inherit", "inherit", "ipc"] },
  );
  jest.on("message", (counts) => ({ passed, failed } = counts)); // from test/support/summary-reporter.cjs
  // Ctrl-C reaches Jest directly. This process waits until Jest has stopped its database.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => jest.kill("SIGTERM"));
  return new Promise((resolve) => {
    jest.once("error", (error) => {
      console.error(`Cannot run Jest: ${error.message}`);
      resolve(1);
    });
    jest.once("close", (code) => resolve(code ?? 1));
  });
}
