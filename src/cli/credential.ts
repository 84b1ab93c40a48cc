import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { usageError } from "./errors.js";
import type { Terminal } from "./terminal.js";

/**
 * Reads a secret from a file, or from standard input for `-`. Never from an argument, which all users of a
 * machine can see.
 *
 * @throws CliError when the file is unreadable or empty
 */
export async function readSecret(file: string, { stdin }: Terminal): Promise<string> {
  const content = file === "-" ? await text(stdin) : await readFile(file, "utf8").catch(unreadable);
  const secret = content.trim();
  if (secret === "") throw usageError(`There is no secret in ${file === "-" ? "the input" : file}`);
  return secret;
}

function unreadable(error: NodeJS.ErrnoException): never {
  throw usageError(`The file cannot be read: ${error.message}`);
}

/** The API key or login token for the requests; undefined when none is given. */
export async function credentialOf(
  keyFile: string | undefined,
  terminal: Terminal,
): Promise<string | undefined> {
  if (keyFile !== undefined) return readSecret(keyFile, terminal);
  return terminal.env["ROLLCALL_KEY"] || undefined;
}
