// npm start: whatever is missing is installed and built, then the gateway runs in this very process, so that
// signals reach it. With room for 64 MB of young objects, most of a request's are gone before the collector looks at them.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { ensureBuilt, ensureInstalled, root } from "./prepare.mjs";

ensureInstalled();
ensureBuilt();
await import(pathToFileURL(join(root, "dist", "src", "main.js")).href);
