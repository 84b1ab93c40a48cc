import { credentialOf } from "./credential.js";
import { requestOverHttp } from "./remote-client.js";
import { usageError } from "./errors.js";
import type { Terminal } from "./terminal.js";

export type Variables = Readonly<Record<string, unknown>>;

/** Sends GraphQL operations to a gateway, or executes them in this process. */
export interface GatewayClient {
  /**
   * Executes an operation and returns its data.
   *
   * @throws CliError when it is refused or fails
   */
  readonly request: <Data>(document: string, variables?: Variables) => Promise<Data>;
  readonly close: () => Promise<void>;
}

export interface Target {
  readonly url?: string;
  readonly keyFile?: string;
}

/** The address of the gateway; undefined when operations are executed on the database directly. */
export const gatewayUrl = ({ url }: Target, { env }: Terminal): string | undefined =>
  url ?? (env["ROLLCALL_URL"] || undefined);

/**
 * Connects to the gateway at the address, if there is one. Otherwise executes operations on the database, by
 * the same rules.
 */
export async function openClient(target: Target, terminal: Terminal): Promise<GatewayClient> {
  const secret = await credentialOf(target.keyFile, terminal);
  const url = gatewayUrl(target, terminal);
  if (url === undefined) {
    const { openLocalClient } = await import("./local-client.js");
    return openLocalClient(secret, terminal);
  }
  if (secret === undefined) {
    throw usageError("A gateway requires a credential: set ROLLCALL_KEY or use --key-file");
  }
  return { request: requestOverHttp(url, secret, terminal.signal), close: () => Promise.resolve() };
}
