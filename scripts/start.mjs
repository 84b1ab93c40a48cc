// npm start: whatever is missing is installed and built, then the gateway runs in this very process, so that
// signals reach it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { ensureBuilt, ensureInstalled, root } from "./prepare.mjs";

ensureInstalled();
ensureBuilt();
await import(pathToFileURL(join(root, "dist", "src", "main.js")).href);
