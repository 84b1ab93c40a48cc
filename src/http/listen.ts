import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { StartupError } from "../errors/startup-error.js";

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use. Stop what uses it, or set PORT to another one",
  EACCES: "this user may not open the port. Set PORT to one above 1023",
  EADDRNOTAVAIL: "this machine has no such address. Set ROLLCALL_HOST to one that it has",
  ENOTFOUND: "this machine has no such address. Set ROLLCALL_HOST to one that it has",
};

/**
 * @param at port 0 picks any free port
 * @returns the port
 * @throws StartupError when the address is not available
 */
export function startListening(
  server: Server,
  at: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      const remedy = remedies[error.code ?? ""] ?? error.message;
      const message = `Rollcall cannot listen on ${at.host}, port ${at.port}: ${remedy}.`;
      reject(new StartupError(message, { cause: error }));
    };
    server.once("error", refused);
    // Without a host Node listens on all addresses too, and falls back to IPv4 on a machine without IPv6.
    const host = at.host === "::" ? undefined : at.host;
    server.listen(at.port, host, () => {
      server.off("error", refused);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
