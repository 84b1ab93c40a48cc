import { readFileSync } from "node:fs";
import { join } from "node:path";

/** package.json is three levels above dist/src/config and two above src/config. */
function readVersion(): string {
  for (const levels of [
    ["..", "..", ".."],
    ["..", ".."],
  ]) {
    try {
      const text = readFileSync(join(__dirname, ...levels, "package.json"), "utf8");
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Try the next level.
    }
  }
  return "unknown";
}

export const version = readVersion();
