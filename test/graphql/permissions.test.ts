import { toGlobalId } from "../../src/domain/global-id.js";
import { permissionTable, requirementOf } from "../../src/domain/permission-table.js";
import { type Permission, permissions } from "../../src/domain/vocabulary.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import type { ExampleName, Scene } from "../support/operations.js";
import { codeOf } from "./answers.js";
import { expectNothingChanged } from "./contents.js";
import { garbageFor } from "./garbage.js";
import { givenPerson, givenSession, PASSWORD, type Person } from "./given.js";
import {
  argumentsOf,
  callWith,
  exampleNames as names,
  givenAgent,
  givenStage,
  operationOf,
  operations,
  type Stage,
} from "./scene.js";

let gateway: TestGateway;
let admin: string;
/** A key for each permission, with that permission only. */
const singleKeys = new Map<Permission, string>();
let deadCredentials: Readonly<Record<string, string>>;
let oneself: Person;
let session: string;
let somebody: Person;
let stage: Stage;
const placeholders: Stage = {
  credentials: { user: "", password: "" },
  groupId: "",
  campaignId: "",
  campaign: "",
  viewId: "",
  sessionId: "",
  apiKeyId: "",
  rotatedKeyId: "",
  reservation: { id: "", fencingToken: 1 },
};

beforeAll(async () => {
  // Nothing may expire while contents are compared.
  gateway = await startTestGateway({ ROLLCALL_LEASE_SECONDS: "3600" });
  admin = await gateway.givenKey("ADMIN");
  for (const permission of permissions) {
    singleKeys.set(permission, await gateway.givenKey(permission));
  }
  oneself = await givenAgent(gateway, admin);
  session = await givenSession(gateway, oneself);
  somebody = await givenAgent(gateway, admin);
  stage = await givenStage(gateway, admin, oneself);
  deadCredentials = await givenDeadCredentials();
});
afterAll(() => gateway.stop());

/** Credentials that would allow everything if they were valid. */
async function givenDeadCredentials(): Promise<Record<string, string>> {
  const boss = await givenPerson(gateway, admin, { permissions: ["ADMIN"], password: PASSWORD });
  const dead = {
    "unknown key": `rollcall_key_${"x".repeat(43)}`,
    "no bearer at all": "",
    "expired key": await gateway.givenKey("ADMIN"),
    "revoked key": await gateway.givenKey("ADMIN"),
    "expired session": await givenSession(gateway, boss),
    "revoked session": await givenSession(gateway, boss),
  };
  const hash = `sha256(convert_to($1, 'UTF8'))`;
  for (const [credential, column] of [
    ["expired", "expires_at"],
    ["revoked", "revoked_at"],
  ] as const) {
    const { dataSource } = gateway;
    const past = `SET ${column} = now() - interval '1 second'`;
    await dataSource.query(`UPDATE api_keys ${past} WHERE secret_hash = ${hash}`, [
      dead[`${credential} key`],
    ]);
    await dataSource.query(`UPDATE login_sessions ${past} WHERE token_hash = ${hash}`, [
      dead[`${credential} session`],
    ]);
  }
  return dead;
}

const call = (secret: string | null, name: ExampleName, by: Scene["by"]) =>
  callWith(gateway, secret, name, argumentsOf(stage, name, by));

const UNKNOWN_USER_ID = toGlobalId("User", 2_000_000_000);

/** The operations with an argument that names a user. */
const aboutSomebody = names.filter((name) => {
  const by = { id: "whoever" };
  return JSON.stringify(argumentsOf(placeholders, name, by)).includes(JSON.stringify(by));
});

const isForAnybody = (name: ExampleName): boolean =>
  ["NONE", "SIGNED_IN"].includes(requirementOf(name).needs);

const isRefusedForLackOfRights = (code: string) => ["UNAUTHENTICATED", "FORBIDDEN"].includes(code);

const isAllowed = async (secret: string | null, name: ExampleName, by: Scene["by"]) =>
  !isRefusedForLackOfRights(codeOf(await call(secret, name, by)));

describe("the matrix", () => {
  it("the matrix has an example of every operation and every guarded field", () => {
    const parts = Object.keys(permissionTable).filter((name) => /^[a-z]\w*\./.test(name));
    expect([...names].sort()).toEqual([...operations.keys(), ...parts].sort());
  });

  it.each(names)("%s: the example succeeds for ADMIN", async (name) => {
    const { id } = await givenAgent(gateway, admin);
    const answer = await call(admin, name, { id });
    // A key has no session to end.
    expect(codeOf(answer)).toBe(name === "logout" ? "CONFLICT" : "OK");
  });
});

describe("without a credential", () => {
  describe("and without any effect", () => {
    expectNothingChanged(() => gateway);

    it.each(names.filter((name) => name !== "login"))(
      "%s is refused without a credential and has no effect",
      async (name) => {
        for (const by of [{ id: somebody.id }, { username: "nobody.at.all" }]) {
          expect(codeOf(await call(null, name, by))).toBe("UNAUTHENTICATED");
        }
      },
    );
  });

  it.each(names.filter((name) => name !== "login"))(
    "%s is refused without a credential before its input is validated",
    async (name) => {
      const answer = await callWith(gateway, null, name, garbageFor(name));
      expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([
        { code: "UNAUTHENTICATED" },
      ]);
      const { kind, field } = operationOf(name);
      // An import refuses single rows.
      if (kind === "query" || field.args.length === 0 || name === "importUsers") return;
      expect(codeOf(await callWith(gateway, admin, name, garbageFor(name)))).not.toBe("OK");
    },
  );

  it("login is answered without a credential", async () => {
    expect(codeOf(await call(null, "login", {}))).toBe("OK");
  });
});

describe("with a credential that is unknown, expired or revoked", () => {
  expectNothingChanged(() => gateway);

  it.each(names)(
    "%s is refused with an invalid credential before anything is done",
    async (name) => {
      for (const [credential, secret] of Object.entries(deadCredentials)) {
        const answer = await call(secret, name, { id: somebody.id });
        expect([credential, answer.status, codeOf(answer), answer.data]).toEqual([
          credential,
          401,
          "UNAUTHENTICATED",
          undefined,
        ]);
        expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      }
    },
  );
});

describe("with a single permission", () => {
  it.each(names)("%s is allowed exactly as the permission table says", async (name) => {
    const allowed: string[] = [];
    for (const [permission, key] of singleKeys) {
      if (await isAllowed(key, name, { id: somebody.id })) allowed.push(permission);
    }
    const { needs } = requirementOf(name);
    const expected = isForAnybody(name) ? permissions : new Set([needs, "ADMIN"]);
    expect(allowed.sort()).toEqual([...expected].sort());
  });

  describe("that does not allow it", () => {
    expectNothingChanged(() => gateway);

    it.each(names.filter((name) => !isForAnybody(name)))(
      "%s is refused with its missing permission and does nothing",
      async (name) => {
        const { needs } = requirementOf(name);
        for (const [permission, key] of singleKeys) {
          if (permission === needs || permission === "ADMIN") continue;
          const answer = await call(key, name, { id: somebody.id });
          expect(answer.errors?.[0]?.extensions).toEqual({ code: "FORBIDDEN", action: name });
        }
      },
    );
  });
});

describe("a signed-in user without permissions", () => {
  it.each(names)(
    "%s about oneself is allowed exactly as the permission table says",
    async (name) => {
      const { self } = requirementOf(name);
      const ownSession = name === "logout" ? await givenSession(gateway, oneself) : session;
      const isExpected = isForAnybody(name) || self === true;
      expect(await isAllowed(ownSession, name, { id: oneself.id })).toBe(isExpected);
    },
  );

  describe("to others", () => {
    expectNothingChanged(() => gateway);

    it.each(aboutSomebody)(
      "%s about another user is refused and does not reveal whether the user exists",
      async (name) => {
        const refusal = await call(session, name, { id: somebody.id });
        expect(codeOf(refusal)).toBe("FORBIDDEN");
        const { status, data, errors } = refusal;
        for (const by of [
          { id: UNKNOWN_USER_ID },
          { username: somebody.username },
          { username: "nobody.at.all" },
          { email: "nobody@example.com" },
          { telephone: "+15550000000" },
          { external: { system: "JTEL", id: "2000000000" } },
          { external: { system: "CLIENTEXEC", id: "not a number" } },
        ]) {
          expect(await call(session, name, by)).toMatchObject({ status, data, errors });
        }
      },
    );
  });

  it("the permission table grants only operations about a user to that user", () => {
    // The id of a session does not name its user: sessions.test.ts covers the sessions of other users.
    const named = names.filter((name) => name !== "revokeSession");
    const toOneself = named.filter((name) => requirementOf(name).self);
    expect(aboutSomebody).toEqual(expect.arrayContaining(toOneself));
  });
});
