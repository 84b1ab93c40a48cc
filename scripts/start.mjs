// npm start: installs and builds what is missing, then runs the gateway in this process, so that it receives
// signals. Started with 64 MB for young objects, so that most objects of a request are dead at the next garbage
// collection.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { ensureBuilt, ensureInstalled, root } from "./prepare.mjs";

ensureInstalled();
ensureBuilt();
await import(pathToFileURL(join(root, "dist", "src", "main.js")).href);
