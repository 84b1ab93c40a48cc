import "../support/resolve-typescript.cjs"; // first: the imports below need it

import { build } from "../support/build.js";
import prepareDatabase from "../support/global-setup.js";
import { chromiumPath } from "./chromium-path.js";

export default async function globalSetup(): Promise<void> {
  // Reports a missing Chromium once, before anything is started.
  chromiumPath();
  await build();
  await prepareDatabase();
}
