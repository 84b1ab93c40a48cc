import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { seedLoad } from "../../src/demo/load/seed-load.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenAgent, givenUser, PASSWORD, uniqueName } from "../support/given.js";
import { makeTempDir } from "../support/temp-dir.js";
import { type Around, rollcall, rollcallJson } from "./command-run.js";

interface UserJson {
  readonly id: string;
  readonly username: string;
  readonly active: boolean;
  readonly livechatRoles: string[];
  readonly externalIds: { system: string; id: string }[];
}

interface KeyJson {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  readonly revokedAt: string | null;
}

let gateway: TestGateway;
let admin: string;
/** The ways to run a command: over GraphQL with a key, and on the database itself. */
let remote: Around;
let local: Around;
beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  const { url } = gateway.dataSource.options as { url: string };
  remote = { env: { ROLLCALL_URL: gateway.url, ROLLCALL_KEY: admin } };
  local = { env: { DATABASE_URL: url } };
});
afterAll(() => gateway.stop());

const lastAudit = async (targetId: string) => {
  const { data } = await gateway.ask(
    admin,
    `query ($id: String!) { auditRecords(first: 1, filter: { targetId: $id }) { nodes { actor actorKind door action } } }`,
    { id: targetId },
  );
  return (data as { auditRecords: { nodes: object[] } }).auditRecords.nodes[0];
};

describe.each([
  ["over GraphQL", () => remote, { door: "GRAPHQL", actorKind: "API_KEY" }],
  ["on the database", () => local, { door: "CLI", actorKind: "SYSTEM" }],
] as const)("%s", (_where, around, author) => {
  it("user commands create, find, change and deactivate a user", async () => {
    const username = uniqueName();
    const made = await rollcallJson<UserJson>(
      ["user", "create", username, "--firstname", "Ada", "--email", `${username}@example.com`],
      around(),
    );
    expect(made).toMatchObject({ username, firstname: "Ada", active: true });
    expect(await lastAudit(made.id)).toMatchObject({ action: "createUser", ...author });

    const jtel = made.externalIds.find(({ system }) => system === "JTEL")?.id ?? "";
    for (const word of [
      username,
      `email:${username}@example.com`,
      `id:${made.id}`,
      `jtel:${jtel}`,
    ]) {
      expect(await rollcallJson(["user", "show", word], around())).toMatchObject({ id: made.id });
    }
    await rollcallJson(["user", "update", username, "--language", "nl"], around());
    await rollcallJson(["user", "give-role", username, "AGENT"], around());
    const shown = await rollcallJson<UserJson>(["user", "show", username], around());
    expect(shown).toMatchObject({ language: "nl", firstname: "Ada", livechatRoles: ["AGENT"] });

    await rollcallJson(["user", "deactivate", username], around());
    expect(await rollcallJson(["user", "show", username], around())).toMatchObject({
      active: false,
    });
    expect(await rollcallJson(["user", "activate", username], around())).toMatchObject({
      active: true,
    });
  });

  it("key commands create, rotate and revoke a key", async () => {
    const key = await rollcallJson<KeyJson>(
      ["key", "create", "wallboard", "--permission", "USER_READ", "--expires", "1d"],
      around(),
    );
    const viewer = async (secret: string) =>
      (await gateway.ask(secret, `{ viewer { name } }`)).data;
    expect(await viewer(key.secret)).toEqual({ viewer: { name: "wallboard" } });

    const args = ["key", "rotate", key.id, "--overlap", "0"];
    const rotated = await rollcallJson<KeyJson>(args, around());
    expect(await viewer(key.secret)).toBeUndefined();
    expect(await viewer(rotated.secret)).toEqual({ viewer: { name: "wallboard" } });

    await rollcallJson(["key", "revoke", key.id], around());
    expect(await viewer(rotated.secret)).toBeUndefined();
    const { stdout } = await rollcall(["key", "list"], around());
    expect(stdout).toMatch(new RegExp(`^${key.id} +wallboard`, "m"));
    expect(stdout).not.toContain(rotated.secret);
  });

  it("status commands lock by name, are refused under a lock and unlock", async () => {
    const { username, globalId } = await givenUser(gateway);
    const args = ["lock", username, "busy", "--reason", "audit", "--until", "2h"];
    expect(await rollcallJson(args, around())).toMatchObject({
      status: { name: "Busy" },
      lock: { reason: "audit" },
    });
    expect(await lastAudit(globalId)).toMatchObject({ action: "lockStatus", ...author });
    expect(await rollcallJson(["unlock", username], around())).toMatchObject({ lock: null });

    const { code, stderr } = await rollcall(["lock", username, "asleep"], around());
    expect([code, stderr]).toEqual([1, expect.stringContaining(`There is no status "asleep"`)]);
  });

  it("reserve commands hold, accept and release, and are refused with a reason", async () => {
    const { username, globalId } = await givenAgent(gateway);
    const refused = await rollcall(["reserve", "user", username, "--json"], around());
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "NOT_AVAILABLE" } });

    await rollcallJson(["lock", username, "Available"], around());
    const held = await rollcallJson<{ id: string; fencingToken: number }>(
      ["reserve", "user", username, "--seconds", "600", "--channel", "phone"],
      around(),
    );
    expect(held).toMatchObject({ state: "HELD", channel: "phone", user: { username } });
    const rest = [held.id, "--token", String(held.fencingToken)];
    expect(await rollcallJson(["reserve", "accept", ...rest], around())).toMatchObject({
      state: "ACCEPTED",
    });
    expect(await rollcallJson(["reserve", "release", ...rest], around())).toMatchObject({
      state: "RELEASED",
    });
    const next = await rollcallJson<{ user: object }>(["reserve", "next"], around());
    expect(next.user).toEqual({ username });
    await rollcallJson(["user", "deactivate", `id:${globalId}`], around());
  });

  it("an invalid value is refused with its field, without a stack trace or a change", async () => {
    const username = uniqueName();
    const args = ["user", "create", username, "--email", "nonsense", "--telephone", "12"];
    const { code, stdout, stderr } = await rollcall(args, around());
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^Refused:\n {2}email: is not an e-mail address\n {2}telephone: must be/,
    );
    expect(stderr).not.toMatch(/^ +at /m);
    const missing = await rollcall(["user", "show", username], around());
    expect([missing.code, missing.stderr]).toEqual([1, `There is no user ${username}\n`]);
  });
});

it("a key has the same permissions at the command line", async () => {
  const secret = await gateway.givenKey("USER_READ");
  const around = { env: { ...local.env, ROLLCALL_KEY: secret } };
  const { code, stderr } = await rollcall(["user", "create", uniqueName(), "--json"], around);
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: "FORBIDDEN" } });
  expect((await rollcall(["user", "list"], around)).code).toBe(0);

  const unknown = await rollcall(["user", "list"], { env: { ...local.env, ROLLCALL_KEY: "x" } });
  expect([unknown.code, unknown.stdout]).toEqual([1, ""]);
});

it("a key with USER_CUD and without USER_READ changes users", async () => {
  const env = { ...remote.env, ROLLCALL_KEY: await gateway.givenKey("USER_CUD") };
  expect((await rollcall(["user", "create", uniqueName()], { env })).code).toBe(0);
});

it("secrets are read from files and from standard input", async () => {
  const username = uniqueName();
  const keyFile = join(makeTempDir(), "key");
  writeFileSync(keyFile, `${admin}\n`);
  const env = { ROLLCALL_URL: gateway.url };
  const args = ["user", "create", username, "--password-file", "-", "--key-file", keyFile];
  expect(await rollcall(args, { env, stdin: `${PASSWORD}\n` })).toMatchObject({ code: 0 });
  const { data } = await gateway.ask(
    null,
    `mutation ($input: LoginInput!) { login(input: $input) { user { username } } }`,
    { input: { user: username, password: PASSWORD } },
  );
  expect(data).toEqual({ login: { user: { username } } });

  const nothing = await rollcall(["user", "list", "--key-file", "-"], { env });
  expect([nothing.code, nothing.stderr]).toEqual([2, "There is no secret in the input\n"]);
});

it("list commands read beyond a page and say when there are more", async () => {
  await seedLoad(gateway.dataSource, { users: 101, agents: 0 });
  const search = ["user", "list", "--search", "load0"];
  expect(await rollcallJson<object[]>([...search, "--all"], remote)).toHaveLength(101);
  const { stdout, stderr } = await rollcall([...search, "--first", "2"], remote);
  expect(stdout.trim().split("\n")).toHaveLength(3);
  expect(stderr).toBe("There are more users: use --first or --all\n");
});

describe("a gateway that is none", () => {
  const asked = (url: string, key = "some-key") =>
    rollcall(["user", "list"], { env: { ROLLCALL_URL: url, ROLLCALL_KEY: key } });

  it("an unreachable gateway ends with exit code 3", async () => {
    const { code, stderr } = await asked("http://127.0.0.1:9");
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining("http://127.0.0.1:9 does not respond"),
    ]);
  });

  it("another server or a redirect ends with exit code 3, and the key is sent nowhere else", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url);
      if (request.url === "/moved/graphql") response.writeHead(307, { location: "/elsewhere" });
      response.end("<html>");
    }).listen(0, "127.0.0.1");
    const url = await new Promise<string>((resolve) =>
      server.once("listening", () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      ),
    );
    expect(await asked(url)).toMatchObject({ code: 3, stdout: "" });
    expect(await asked(`${url}/moved`)).toMatchObject({ code: 3, stdout: "" });
    expect(seen).not.toContain("/elsewhere");
    server.close();
  });

  it.each(["localhost:4000", "ftp://localhost", "nonsense", "http://me:secret@localhost:4000"])(
    "an invalid gateway address, %s, ends with exit code 2 without repeating a secret",
    async (url) => {
      const { code, stderr } = await asked(url);
      expect(code).toBe(2);
      expect(stderr).not.toContain("secret");
    },
  );

  it("a missing credential ends with exit code 2", async () => {
    const { code, stderr } = await rollcall(["user", "list"], {
      env: { ROLLCALL_URL: gateway.url },
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining("ROLLCALL_KEY")]);
  });
});

it("errors of the environment are reported together with exit code 2", async () => {
  const env = { ...local.env, PORT: "x", LOG_LEVEL: "loud" };
  const { code, stderr } = await rollcall(["user", "list"], { env });
  expect(code).toBe(2);
  expect(stderr).toMatch(/PORT: .*\n {2}LOG_LEVEL: /);
});
