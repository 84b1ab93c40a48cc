import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newApiKeySecret } from "../services/secrets.js";

/**
 * The key that `npm start` prints for trying things out. It is kept in clear text beside the demo
 * database, for the owner's eyes only, since every start is to print the same one.
 */
export function demoApiKey(dataDir: string): string {
  const file = join(dataDir, "demo-api-key");
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const secret = newApiKeySecret();
  writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: "wx" });
  return secret;
}
