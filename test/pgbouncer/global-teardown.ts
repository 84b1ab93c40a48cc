import "../support/resolve-typescript.cjs";

import stopDatabase from "../support/global-teardown.js";
import { stopTestPooler } from "./test-pooler.js";

export default async function globalTeardown(): Promise<void> {
  await stopTestPooler();
  await stopDatabase();
}
