import type { ProxyConfig } from "../config/limits.js";
import type { IncomingMessage, Server } from "node:http";
import { isIP } from "node:net";
import { createNetworkList } from "../config/networks.js";
import { setForwardedClient, peerOf } from "./origin.js";

/**
 * Finds out, before anything else sees a request, for whom a trusted proxy has sent it. Each proxy adds whom
 * it heard from at the right end, so the list is believed from there, as far as those who wrote it are trusted.
 */
export function trustProxies(server: Server, { trusted, header }: ProxyConfig): void {
  if (trusted.length === 0) return;
  const isTrusted = createNetworkList(trusted);
  const note = (request: IncomingMessage) => {
    const peer = peerOf(request);
    if (!isTrusted(peer)) return;
    const { hops, isHttps } = readers[header](request);
    let address = peer;
    for (const hop of hops.reverse()) {
      // Whoever wrote this is trusted, but has not said who it was.
      if (hop === null) break;
      address = hop;
      if (!isTrusted(address)) break;
    }
    setForwardedClient(request, { address, isHttps });
  };
  server.prependListener("request", note);
  server.prependListener("upgrade", note);
}

interface Forwarded {
  /** From the client to the proxy before the last; null for one that hides. */
  readonly hops: (string | null)[];
  /** How the client itself asked, says the first proxy. */
  readonly isHttps: boolean;
}

const readers: Record<ProxyConfig["header"], (request: IncomingMessage) => Forwarded> = {
  "x-forwarded-for": ({ headers }) => ({
    hops: elementsOf(headers["x-forwarded-for"]).map(nodeAddress),
    isHttps: elementsOf(headers["x-forwarded-proto"])[0]?.toLowerCase() === "https",
  }),
  forwarded: ({ headers }) => {
    const elements = elementsOf(headers.forwarded);
    const read = (element: string | undefined, name: string) =>
      new RegExp(`(?:^|;)\\s*${name}="?([^";\\s]*)`, "i").exec(element ?? "")?.[1] ?? "";
    return {
      hops: elements.map((element) => nodeAddress(read(element, "for"))),
      isHttps: read(elements[0], "proto").toLowerCase() === "https",
    };
  },
};

/** No comma is ever right within quotes here; a client that leaves some open must not hide what comes after. */
const elementsOf = (header: string | string[] | undefined): string[] =>
  [header ?? []].flat().flatMap((line) => line.split(",").map((element) => element.trim()));

/** Some write the port as well; RFC 7239 has IPv6 in brackets. */
function nodeAddress(node: string): string | null {
  const address = /^\[([^\]]*)\](?::\d+)?$/.exec(node)?.[1] ?? node.replace(/^([\d.]+):\d+$/, "$1");
  return isIP(address) === 0 ? null : address.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase();
}
