import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { addressOf, isHttps } from "../../src/http/origin.js";
import type { ProxyConfig } from "../../src/config/limits.js";
import { trustProxies } from "../../src/http/trusted-proxies.js";
import { dataOf } from "../graphql/answers.js";
import { givenPerson, PASSWORD } from "../graphql/given.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

/** The client address and protocol that a server behind these proxies derives from the headers. */
async function seenBy(config: ProxyConfig, headers: Record<string, string | string[]>) {
  const server = createServer((request, response) => {
    response.end(JSON.stringify([addressOf(request), isHttps(request)]));
  });
  trustProxies(server, config);
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const asked = httpRequest({ port, host: "127.0.0.1", headers, agent: false }).end();
    const [response] = (await once(asked, "response")) as [AsyncIterable<Buffer>];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString()) as [string, boolean];
  } finally {
    server.close();
  }
}

describe("X-Forwarded-For of a trusted proxy", () => {
  const us = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"];
  it.each<[string, readonly string[], string | undefined, string]>([
    ["of a trusted proxy names the client", us, "203.0.113.9", "203.0.113.9"],
    [
      "names the client behind several trusted proxies",
      us,
      "203.0.113.9, 10.1.1.1, fd00::7",
      "203.0.113.9",
    ],
    ["is read up to the first untrusted address", us, "198.51.100.1, 203.0.113.9", "203.0.113.9"],
    ["of trusted addresses only names the first of them", us, "10.1.1.1, 10.2.2.2", "10.1.1.1"],
    ["may have a port", us, "203.0.113.9:4711", "203.0.113.9"],
    ["may have an IPv6 address", us, "2001:DB8::1", "2001:db8::1"],
    ["may have an IPv6 address with a port", us, "[2001:db8::1]:4711", "2001:db8::1"],
    ["may have an IPv4-mapped IPv6 address", us, "::ffff:203.0.113.9", "203.0.113.9"],
    ["is ignored when it contains an invalid entry", us, "203.0.113.9, unknown", "127.0.0.1"],
    ["may be absent", us, undefined, "127.0.0.1"],
    ["may be empty", us, "", "127.0.0.1"],
    ["of an untrusted address is ignored", ["10.0.0.0/8"], "203.0.113.9", "127.0.0.1"],
    ["is ignored by default", [], "203.0.113.9", "127.0.0.1"],
  ])("X-Forwarded-For %s", async (_, trusted, given, address) => {
    const headers: Record<string, string> = given === undefined ? {} : { "x-forwarded-for": given };
    const [seen] = await seenBy({ trusted, header: "x-forwarded-for" }, headers);
    expect(seen).toBe(address);
  });

  it("several X-Forwarded-For lines are one list", async () => {
    const headers = { "x-forwarded-for": ["198.51.100.1", "203.0.113.9, 10.1.1.1"] };
    const [seen] = await seenBy({ trusted: us, header: "x-forwarded-for" }, headers);
    expect(seen).toBe("203.0.113.9");
  });

  it("X-Forwarded-Proto of a trusted proxy marks the client's HTTPS", async () => {
    const headers = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" };
    expect(await seenBy({ trusted: us, header: "x-forwarded-for" }, headers)).toEqual([
      "203.0.113.9",
      true,
    ]);
    expect(await seenBy({ trusted: [], header: "x-forwarded-for" }, headers)).toEqual([
      "127.0.0.1",
      false,
    ]);
  });
});

describe("Forwarded of a trusted proxy", () => {
  const config = { trusted: ["127.0.0.1", "10.0.0.0/8"], header: "forwarded" } as const;
  it.each<[string, string, [string, boolean]]>([
    [
      "of a trusted proxy names the client",
      "for=203.0.113.9;proto=https;by=10.1.1.1",
      ["203.0.113.9", true],
    ],
    [
      "is read from the right",
      "for=198.51.100.1, FOR=203.0.113.9, for=10.1.1.1",
      ["203.0.113.9", false],
    ],
    ["may have an IPv6 address", `proto=https; for="[2001:db8::1]:4711"`, ["2001:db8::1", true]],
    ["may hide its client", "for=_hidden", ["127.0.0.1", false]],
    ["is not hidden by a quote left open", `for="x, for=203.0.113.9`, ["203.0.113.9", false]],
  ])("Forwarded %s", async (_, given, seen) => {
    expect(await seenBy(config, { forwarded: given })).toEqual(seen);
  });

  it("only the configured forwarding header is trusted", async () => {
    const headers = { forwarded: "for=203.0.113.9", "x-forwarded-for": "198.51.100.1" };
    expect(await seenBy(config, headers)).toEqual(["203.0.113.9", false]);
    expect(await seenBy({ ...config, header: "x-forwarded-for" }, headers)).toEqual([
      "198.51.100.1",
      false,
    ]);
  });
});

describe("the gateway behind a trusted proxy", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      TRUSTED_PROXIES: "127.0.0.1",
      HSTS_SECONDS: "300",
      RATE_LIMIT_PER_ADDRESS: "50",
    });
  });
  afterAll(() => gateway.stop());

  const from = (address: string) => ({ "x-forwarded-for": `192.0.2.66, ${address}` });

  it("failed logins behind a trusted proxy are counted by the client's address", async () => {
    const admin = await gateway.givenKey("ADMIN");
    await givenPerson(gateway, admin, { username: "anna.berg", password: PASSWORD });
    const login = `mutation { login(input: { user: "anna.berg", password: "${PASSWORD}" }) { token } }`;
    dataOf(await gateway.ask(null, login, {}, from("203.0.113.9")));
    expect(await gateway.dataSource.query(`SELECT address FROM login_sessions`)).toEqual([
      { address: "203.0.113.9" },
    ]);
  });

  it("rate limits behind a trusted proxy count each client separately", async () => {
    const left = async (address: string) => {
      const { headers } = await gateway.ask(null, "{ viewer { name } }", {}, from(address));
      return /r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1];
    };
    expect(await left("203.0.113.1")).toBe("49");
    expect(await left("203.0.113.1")).toBe("48");
    expect(await left("203.0.113.2")).toBe("49");
  });

  it("HSTS is sent only to clients that came by HTTPS", async () => {
    const told = async (protocol: string) => {
      const headers = { "x-forwarded-for": "203.0.113.3", "x-forwarded-proto": protocol };
      const answer = await fetch(`${gateway.url}/healthz`, { headers });
      return answer.headers.get("strict-transport-security");
    };
    expect(await told("https")).toBe("max-age=300");
    expect(await told("http")).toBeNull();
  });
});
