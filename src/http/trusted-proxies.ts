import type { ProxyConfig } from "../config/limits.js";
import type { IncomingMessage, Server } from "node:http";
import { isIP } from "node:net";
import { createNetworkList } from "../config/networks.js";
import { setForwardedClient, peerOf } from "./origin.js";

/**
 * Determines the client of each request that a trusted proxy has forwarded, before any other handler. Each proxy appends the address of
 * its own peer, so the list is read from the right, as far as the proxies that wrote it are trusted.
 */
export function trustProxies(server: Server, { trusted, header }: ProxyConfig): void {
  if (trusted.length === 0) return;
  const isTrusted = createNetworkList(trusted);
  const determineClient = (request: IncomingMessage) => {
    const peer = peerOf(request);
    if (!isTrusted(peer)) return;
    const { hops, isHttps } = readers[header](request);
    let address = peer;
    for (const hop of hops.reverse()) {
      // A trusted proxy wrote this entry, but hides the address.
      if (hop === null) break;
      address = hop;
      if (!isTrusted(address)) break;
    }
    setForwardedClient(request, { address, isHttps });
  };
  server.prependListener("request", determineClient);
  server.prependListener("upgrade", determineClient);
}

interface Forwarded {
  /** From the client to the proxy before the last; null for a hidden address. */
  readonly hops: (string | null)[];
  /** Whether the client used HTTPS, by the first proxy's account. */
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

/** Splits at commas in quotes too: no valid element has one, and an unclosed quote of the client must not hide later elements. */
const elementsOf = (header: string | string[] | undefined): string[] =>
  [header ?? []].flat().flatMap((line) => line.split(",").map((element) => element.trim()));

/** Some proxies append the port; RFC 7239 puts IPv6 in brackets. */
function nodeAddress(node: string): string | null {
  const address = /^\[([^\]]*)\](?::\d+)?$/.exec(node)?.[1] ?? node.replace(/^([\d.]+):\d+$/, "$1");
  return isIP(address) === 0 ? null : address.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase();
}
