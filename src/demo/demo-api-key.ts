import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isApiKeySecret, newApiKeySecret } from "../services/credentials/secrets.js";

/**
 * The key that `npm start` prints. It is stored in clear text beside the demo database, readable for the
 * owner only, so that every start prints the same key.
 */
export function demoApiKey(dataDir: string): string {
  const file = join(dataDir, "demo-api-key");
  return readKey(file) ?? createKey(file);
}

/** Null also for a file that a full disk or an editor left empty: a short secret must not become a key. */
function readKey(file: string): string | null {
  try {
    const secret = readFileSync(file, "utf8").trim();
    return isApiKeySecret(secret) ? secret : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return null;
  }
}

function createKey(file: string): string {
  const secret = newApiKeySecret();
  const options = { mode: 0o600 } as const;
  try {
    writeFileSync(file, `${secret}\n`, { ...options, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    // Another process created the file at the same time; otherwise it is damaged.
    const other = readKey(file);
    if (other !== null) return other;
    writeFileSync(file, `${secret}\n`, options);
  }
  return secret;
}
