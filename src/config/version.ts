import { readFileSync } from "node:fs";
import { join } from "node:path";

/** package.json is three levels up from dist/src/startup, and two from src/startup. */
function readVersion(): string {
  for (const levels of [
    ["..", "..", ".."],
    ["..", ".."],
  ]) {
    try {
      const text = readFileSync(join(__dirname, ...levels, "package.json"), "utf8");
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // The next level up, then.
    }
  }
  return "unknown";
}

export const version = readVersion();
