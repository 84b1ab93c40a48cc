import "../support/resolve-typescript.cjs"; // first: the imports below need it

import prepareDatabase from "../support/global-setup.js";
import { stopTestServer } from "../support/test-server.js";
import { startTestPooler, stopTestPooler } from "./test-pooler.js";

export default async function globalSetup(): Promise<void> {
  // Jest runs no teardown when it is interrupted.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => void stopTestPooler());
  await prepareDatabase();
  try {
    await startTestPooler();
  } catch (error) {
    await stopTestServer(); // nor when the setup itself fails
    throw error;
  }
}
