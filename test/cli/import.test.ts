import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newApiKeySecret } from "../../src/services/credentials/secrets.js";
import { createEmptyDatabase } from "../support/database.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { uniqueName } from "../support/given.js";
import { type SecondGateway, startSecondGateway } from "../support/second-gateway.js";
import { makeTempDir } from "../support/temp-dir.js";
import { type Around, rollcall, rollcallJson } from "./command-run.js";

/** More than a batch, and not a multiple of any source's page size. */
const PEOPLE = 130;

const directory = makeTempDir();
const keyFile = join(directory, "source-key");

let gateway: TestGateway;
/** A gateway on a database of its own that plays the old systems with its legacy APIs. */
let old: SecondGateway;
let around: Around;
beforeAll(async () => {
  gateway = await startTestGateway();
  const databaseUrl = await createEmptyDatabase(`rollcall_source_${process.env["JEST_WORKER_ID"]}`);
  const env = { DATABASE_URL: databaseUrl };
  const seed = ["seed", "load", "--users", String(PEOPLE), "--agents", "20"];
  expect(await rollcall(seed, { env })).toMatchObject({ code: 0 });
  old = await startSecondGateway(gateway, env);
  const secret = newApiKeySecret();
  await old.services.apiKeys.ensure(secret, { name: "source", permissions: ["USER_READ"] });
  writeFileSync(keyFile, secret);
  around = { env: { ROLLCALL_URL: gateway.url, ROLLCALL_KEY: await gateway.givenKey("ADMIN") } };
});
afterAll(async () => {
  await old.stop();
  await gateway.stop();
});

const importFrom = (system: string, ...more: string[]) =>
  rollcall(["import", system, old.url, "--source-key-file", keyFile, ...more], around);

/** The counts, without those that are zero. */
function countsIn(stdout: string): object {
  const { summary } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { summary: object };
  return Object.fromEntries(Object.entries(summary).filter(([, count]) => count !== 0));
}

const userCount = async () => {
  const [{ count }] = await gateway.dataSource.query<[{ count: number }]>(
    `SELECT count(*)::int AS count FROM users`,
  );
  return count;
};

describe("from the old systems' own APIs", () => {
  it("a dry run reports the outcome of every user and changes nothing", async () => {
    const { code, stdout } = await importFrom("omnidesk", "--dry-run", "--json");
    expect([code, countsIn(stdout)]).toEqual([0, { created: PEOPLE }]);
    expect(await userCount()).toBe(0);
  });

  it("an import from Omnidesk reads page by page, keeps ids, writes a report and changes nothing when repeated", async () => {
    const report = join(directory, "report.jsonl");
    const { code, stdout } = await importFrom("omnidesk", "--report", report);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^created +${PEOPLE}$`, "m"));
    const lines = readFileSync(report, "utf8").trim().split("\n");
    expect(lines).toHaveLength(PEOPLE);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      outcome: "CREATED",
      place: expect.stringMatching(/^OMNIDESK \d+$/) as string,
    });

    const id = /OMNIDESK (\d+)/.exec(lines[0] ?? "")?.[1] ?? "";
    const { username } = await rollcallJson<{ username: string }>(
      ["user", "show", `omnidesk:${id}`],
      around,
    );
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ username });

    const again = await importFrom("omnidesk", "--existing", "replace", "--json");
    expect([again.code, countsIn(again.stdout)]).toEqual([0, { unchanged: PEOPLE }]);
  });

  it.each([
    ["jtel", ["--clients-id", "1"], "JTEL"],
    ["rocket-chat", ["--user-id", "any"], "ROCKET_CHAT"],
  ])(
    "an import from %s finds the same users and adds that system's ids",
    async (system, more, name) => {
      const first = await importFrom(system, ...more, "--json");
      expect(first.stderr).toBe("");
      const { matched = 0, updated = 0 } = countsIn(first.stdout) as Record<string, number>;
      expect(matched + updated).toBe(PEOPLE);
      const again = await importFrom(system, ...more, "--json");
      expect(countsIn(again.stdout)).toEqual({ unchanged: PEOPLE });
      const [{ count }] = await gateway.dataSource.query<[{ count: number }]>(
        `SELECT count(*)::int AS count FROM users WHERE $1 = ANY (imported_from)`,
        [name],
      );
      expect(count).toBe(PEOPLE);
    },
  );

  it("an import from Clientexec reads the users online now and recently", async () => {
    const { code, stdout } = await importFrom("clientexec", "--json");
    expect(code).toBe(0);
    const counts = countsIn(stdout) as Record<string, number>;
    expect(Object.keys(counts).filter((word) => !["matched", "updated"].includes(word))).toEqual(
      [],
    );
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    expect(await userCount()).toBe(PEOPLE);
  });

  it("a credential that the old system refuses ends with exit code 1 and no secret in the output", async () => {
    const wrong = join(directory, "wrong-key");
    writeFileSync(wrong, "a-wrong-secret");
    const args = ["import", "omnidesk", old.url, "--source-key-file", wrong];
    const { code, stderr } = await rollcall(args, around);
    expect([code, stderr]).toEqual([1, expect.stringContaining("does not accept the credential")]);
    expect(stderr).not.toContain("a-wrong-secret");
  });
});

describe("an old system in trouble", () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** A server that handles each request with the next of these functions, and forwards later ones to the real system. */
  async function trouble(...turns: ((request: never, response: never) => void)[]): Promise<string> {
    const waiting = [...turns] as ((request: object, response: object) => void)[];
    server = createServer((request, response) => {
      const turn = waiting.shift();
      if (turn) return turn(request, response);
      const headers = { apikey: String(request.headers["apikey"]) };
      void fetch(`${old.url}${request.url}`, { headers }).then(async (answer) =>
        response.end(await answer.text()),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  interface Answering {
    writeHead: (status: number, headers?: object) => Answering;
    write: (text: string) => Answering;
    end: () => void;
    destroy: () => void;
  }

  it("an import retries when the old system is busy, cuts a connection or does not respond", async () => {
    const url = await trouble(
      (_request, response: Answering) => response.writeHead(429, { "retry-after": "0" }).end(),
      (_request, response: Answering) => response.destroy(),
      () => undefined,
    );
    const args = ["import", "omnidesk", url, "--source-key-file", keyFile, "--timeout", "4"];
    const { code, stdout } = await rollcall([...args, "--json"], around);
    expect([code, countsIn(stdout)]).toEqual([0, { unchanged: PEOPLE }]);
  });

  it("an incomplete list imports what arrived, says so and ends with exit code 3", async () => {
    const username = uniqueName();
    const url = await trouble((_request, response: Answering) => {
      const rows = Array.from(
        { length: 100 },
        (_, i) => `{"ID":${900_000 + i},"UID":"${username}${i}"}`,
      );
      response.write(`{"records":[${rows.join(",")},`);
      setTimeout(() => response.destroy(), 50);
    });
    const args = ["import", "jtel", url, "--source-key-file", keyFile];
    const { code, stdout, stderr } = await rollcall(args, around);
    expect([code, stderr]).toEqual([3, expect.stringContaining("Run the import again")]);
    expect(stdout).toMatch(/^created +100$/m);
  });
});

describe("from files", () => {
  const given = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };

  it("a CSV import reads quotes, a byte order mark and umlauts and reports skipped cells with line and field", async () => {
    const [one, two] = [uniqueName(), uniqueName()];
    const path = given(
      "people.csv",
      `\ufeffusername,firstname,lastname,email,jtelId,roles\r\n` +
        `${one},"Zoë ""Z""","Müller, Dr.",${one}@example.com,700001,AGENT MANAGER\r\n` +
        `${two},,,nonsense,,\r\n`,
    );
    const { code, stdout } = await rollcall(["import", "file", path], around);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused +line 3 +email: is not an e-mail address$/m);
    expect(await rollcallJson(["user", "show", "jtel:700001"], around)).toMatchObject({
      username: one,
      displayName: `Zoë "Z" Müller, Dr.`,
      livechatRoles: ["AGENT", "MANAGER"],
    });
  });

  it.each([
    ["people.json", (rows: object[]) => JSON.stringify(rows)],
    ["people.jsonl", (rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n")],
  ])("an import reads users from %s", async (name, write) => {
    const rows = [
      {
        username: uniqueName(),
        active: false,
        kind: "customer",
        omnideskId: 800_000_000 + name.length,
      },
      { username: uniqueName() },
    ];
    const { code, stdout } = await rollcall(
      ["import", "file", given(name, write(rows)), "--json"],
      around,
    );
    expect([code, countsIn(stdout)]).toEqual([0, { created: 2 }]);
  });

  it.each([
    ["a.csv", "username,shoe\nada,41\n", "shoe"],
    ["b.csv", `username\n"ada\n`, "Quote"],
    ["c.json", `[{"username":"ada"},`, "the JSON is incomplete"],
    ["d.jsonl", "{}\nnonsense\n", "line 2 is not valid JSON"],
    ["e.xml", "<ada/>", "must end in"],
    ["f.csv", "username,kind\nada,robot\n", `line 2: kind must be STAFF or CUSTOMER, not "robot"`],
    ["g.csv", "username,active\nada,maybe\n", "line 2: active must be TRUE"],
    ["h.json", `[{"username":{}}]`, "row 1: username must be text"],
    ["i.jsonl", `{"username":"ada","roles":["BOSS"]}`, "line 1: roles must be AGENT or MANAGER"],
  ])("an invalid %s ends with exit code 2 and its position", async (name, content, words) => {
    const { code, stderr } = await rollcall(["import", "file", given(name, content)], around);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  it("a missing file ends with exit code 2", async () => {
    const { code } = await rollcall(["import", "file", join(directory, "none.csv")], around);
    expect(code).toBe(2);
  });
});

it("an import without ADMIN imports nothing", async () => {
  const env = { ...around.env, ROLLCALL_KEY: await gateway.givenKey("USER_CUD", "USER_READ") };
  const args = ["import", "omnidesk", old.url, "--source-key-file", keyFile, "--json"];
  const { code, stdout, stderr } = await rollcall(args, { env });
  expect([code, stdout]).toEqual([1, ""]);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: "FORBIDDEN" } });
});
