import { loadConfig } from "../../src/config/schema.js";
import { requirementOf } from "../../src/domain/permission-table.js";
import type { Dialect, LegacyRoute } from "../../src/legacy-rest/dialect.js";
import { dialects } from "../../src/legacy-rest/index.js";
import { contentsOf } from "../graphql/contents.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

const { legacy } = loadConfig({});

const routes = dialects.flatMap((dialect) =>
  dialect.routes.map(
    (route) => [`${dialect.title} ${route.method} ${route.path || "/"}`, dialect, route] as const,
  ),
);

/** A token that another system issued. */
const FOREIGN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

let gateway: TestGateway;
let secrets: Record<string, string | null>;
beforeAll(async () => {
  gateway = await startTestGateway();
  const expired = await gateway.givenKey("ADMIN");
  const revoked = await gateway.givenKey("ADMIN");
  for (const [secret, column] of [
    [expired, "expires_at"],
    [revoked, "revoked_at"],
  ]) {
    await gateway.dataSource.query(
      `UPDATE api_keys SET ${column} = now() - interval '1 second'
       WHERE secret_hash = sha256(convert_to($1, 'UTF8'))`,
      [secret],
    );
  }
  secrets = { none: null, expired, revoked, foreign: FOREIGN };
});
afterAll(() => gateway.stop());

/** Sends the credential in every place that a dialect reads. */
function send(dialect: Dialect, { method, path }: LegacyRoute, secret: string | null) {
  const address = `${dialect.basePath(legacy)}${path.replace(/:\w+/g, "1")}`;
  return fetch(gateway.url + address, {
    method,
    headers: {
      ...(secret !== null && {
        authorization: `Bearer ${secret}`,
        apikey: secret,
        "x-auth-token": secret,
        "x-user-id": "aobEdbYhXfu5hkeqG",
      }),
      ...(method !== "GET" && { "content-type": "application/json" }),
    },
    ...(method !== "GET" && { body: "{}" }),
  });
}

describe("a credential that is none, expired, revoked or of another system", () => {
  it.each(routes)(
    "an invalid credential is refused before the request is read: %s",
    async (_, dialect, route) => {
      const isOpen = requirementOf(route.operation).needs === "NONE";
      const before = await contentsOf(gateway.dataSource);
      for (const [kind, secret] of Object.entries(secrets)) {
        const { status } = await send(dialect, route, secret);
        // A login requires a password, whatever other credential is sent.
        if (isOpen) expect([400, 401]).toContain(status);
        else expect([kind, status]).toEqual([kind, 401]);
      }
      expect(await contentsOf(gateway.dataSource)).toEqual(before);
    },
  );

  it("the table of credentials covers every route of every dialect", () => {
    expect(routes.length).toBeGreaterThanOrEqual(30);
    expect(new Set(routes.map(([, { name }]) => name)).size).toBe(4);
  });
});
