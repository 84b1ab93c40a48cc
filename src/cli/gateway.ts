import { credentialOf } from "./credential.js";
import { askOverHttp } from "./remote-gateway.js";
import { usageError } from "./faults.js";
import type { Terminal } from "./terminal.js";

export type Variables = Readonly<Record<string, unknown>>;

/** Where the commands about people put their questions: GraphQL, wherever it is answered. */
export interface Gateway {
  /** @throws CliError for a refusal */
  readonly ask: <Data>(document: string, variables?: Variables) => Promise<Data>;
  readonly close: () => Promise<void>;
}

export interface Where {
  readonly url?: string;
  readonly keyFile?: string;
}

/** The address of a gateway; undefined where the database is asked itself. */
export const urlOf = ({ url }: Where, { env }: Terminal): string | undefined =>
  url ?? (env["ROLLCALL_URL"] || undefined);

/** The gateway at an address if there is one, else the database itself, by the rules that a gateway has. */
export async function openGateway(where: Where, terminal: Terminal): Promise<Gateway> {
  const secret = await credentialOf(where.keyFile, terminal);
  const url = urlOf(where, terminal);
  if (url === undefined) {
    const { openLocalGateway } = await import("./local-gateway.js");
    return openLocalGateway(secret, terminal);
  }
  if (secret === undefined) {
    throw usageError("A gateway wants a credential: give it as ROLLCALL_KEY or with --key-file");
  }
  return { ask: askOverHttp(url, secret, terminal.signal), close: () => Promise.resolve() };
}
