// npm test: installs what is missing, runs Jest with the given arguments, and ends with the real counts. Jest
// compiles the sources itself: no build is needed.
import { spawn } from "node:child_process";
import { join } from "node:path";

import { ensureInstalled, root } from "./prepare.mjs";

ensureInstalled();

let { passed, failed } = { passed: 0, failed: 0 };
const exitCode = await runJest(process.argv.slice(2));

// A run that failed for another reason, such as its setup or teardown, must not look clean.
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
  // Ctrl-C reaches Jest by itself; either way we stay until it has stopped its database.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => jest.kill("SIGTERM"));
  return new Promise((resolve) => {
    jest.once("error", (error) => {
      console.error(`Jest cannot be run: ${error.message}`);
      resolve(1);
    });
    jest.once("close", (code) => resolve(code ?? 1));
  });
}
