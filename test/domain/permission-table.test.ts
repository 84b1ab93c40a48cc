import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, isObjectType } from "graphql";
import { hasPermission } from "../../src/domain/actor.js";
import {
  describeRequirement,
  type Operation,
  permissionTable,
  requirementOf,
} from "../../src/domain/permission-table.js";
import { type Permission, permissions } from "../../src/domain/vocabulary.js";

const operations = Object.keys(permissionTable) as Operation[];

const needing = (needs: string): string[] =>
  operations.filter((operation) => requirementOf(operation).needs === needs).sort();

describe("the permission table", () => {
  it("the permission table names exactly the operations and guarded fields of the schema", () => {
    const schema = buildSchema(readFileSync(join(__dirname, "../../schema.graphql"), "utf8"));
    const fields = [
      schema.getQueryType(),
      schema.getMutationType(),
      schema.getSubscriptionType(),
    ].flatMap((type) => Object.keys(type?.getFields() ?? {}));
    const named = operations.filter((name) => !/^(introspection|metrics)/.test(name));
    expect(named.filter((name) => !name.includes(".")).sort()).toEqual(fields.sort());
    for (const part of named.filter((name) => name.includes("."))) {
      const [owner = "", field = ""] = part.split(".");
      const type = schema.getType(owner);
      if (isObjectType(type)) expect(Object.keys(type.getFields())).toContain(field);
      else expect(fields).toContain(owner);
    }
  });

  it("the permission table allows only login without a credential", () => {
    expect(needing("NONE")).toEqual(["login"]);
  });

  it("the permission table reserves administrative operations for ADMIN", () => {
    expect(needing("ADMIN")).toEqual([
      "apiKeys",
      "auditRecords",
      "createApiKey",
      "createCampaign",
      "createGroup",
      "createStatus",
      "createView",
      "importUsers",
      "introspectionInProduction",
      "metrics",
      "revokeApiKey",
      "revokeSession",
      "rotateApiKey",
      "sessions",
      "updateCampaign",
      "updateGroup",
      "updateStatus",
      "updateView",
    ]);
  });

  it.each(["user", "agent", "heartbeat", "setStatus", "updateUserSettings"] as const)(
    "the permission table allows users %s for themselves",
    (operation) => {
      expect(requirementOf(operation).self).toBe(true);
    },
  );

  it.each([
    "lockStatus",
    "unlockStatus",
    "createUser",
    "updateUser",
    "deactivateUser",
    "registerAgent",
    "removeAgent",
    "users",
    "presences",
  ] as const)("the permission table does not allow %s for oneself", (operation) => {
    expect(requirementOf(operation).self).toBeUndefined();
  });

  it("the permission table has a rule for oneself only where others need a permission", () => {
    const selfish = operations.filter((operation) => requirementOf(operation).self);
    for (const operation of selfish) {
      expect(permissions).toContain(requirementOf(operation).needs);
    }
  });
});

describe("a requirement in words", () => {
  it.each([
    ["login", "Requires no credential."],
    ["viewer", "Requires any valid credential."],
    ["lockStatus", "Requires USER_CUD."],
    ["setStatus", "Requires USER_CUD, unless it is about the signed-in user."],
  ] as const)("a requirement is described: %s: %s", (operation, words) => {
    expect(describeRequirement(requirementOf(operation))).toBe(words);
  });
});

it.each(permissions)("ADMIN implies %s, and nothing else does", (permission) => {
  const holdsIt = (held: Permission) => hasPermission({ permissions: new Set([held]) }, permission);
  expect(permissions.filter(holdsIt).sort()).toEqual([...new Set(["ADMIN", permission])].sort());
  expect(hasPermission({ permissions: new Set() }, permission)).toBe(false);
});
