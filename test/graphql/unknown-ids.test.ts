import { type NodeType, toGlobalId } from "../../src/domain/global-id.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import type { Arguments, ExampleName } from "../support/operations.js";
import { dataOf } from "./answers.js";
import { contentsOf } from "./contents.js";
import { givenPerson, type Person } from "./given.js";
import {
  argumentsOf,
  callWith,
  exampleNames,
  givenAgent,
  givenStage,
  operationOf,
  type Stage,
} from "./scene.js";

let gateway: TestGateway;
let admin: string;
let somebody: Person;
let stage: Stage;

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  somebody = await givenAgent(gateway, admin);
  stage = await givenStage(gateway, admin, somebody);
});
afterAll(() => gateway.stop());

/** Ids of no object of this type: unused, too large for the column, of another type, malformed. */
const unknownIds = (type: NodeType): string[] => [
  toGlobalId(type, 2_000_000_000),
  toGlobalId(type, "999999999999999999"),
  toGlobalId(type === "View" ? "Group" : "View", 1),
  Buffer.from(`${type}:1;`).toString("base64url"),
  "1",
  "\u0000",
  "",
];

const nobody: readonly Arguments[] = [
  ...unknownIds("User").map((id) => ({ id })),
  { username: "nobody.at.all" },
  { username: "" },
  { username: "\u0000" },
  { email: "nobody@example.com" },
  { telephone: "+15550000000" },
  ...["CLIENTEXEC", "ROCKET_CHAT", "JTEL", "OMNIDESK"].flatMap((system) =>
    ["2000000000", "99999999999999999999", "not.an.id", "-1", "", "\u0000"].map((id) => ({
      external: { system, id },
    })),
  ),
];

const inputOf = (name: ExampleName): Record<string, unknown> =>
  argumentsOf(stage, name, { id: somebody.id }).input as Record<string, unknown>;

/** Expects that each is refused with NOT_FOUND and changes no table. */
async function expectNotFound(
  name: ExampleName,
  entity: string,
  changes: readonly Arguments[],
): Promise<void> {
  const before = await contentsOf(gateway.dataSource);
  for (const change of changes) {
    const answer = await callWith(gateway, admin, name, { input: { ...inputOf(name), ...change } });
    const { extensions } = answer.errors?.[0] ?? {};
    expect({ change, ...extensions }).toMatchObject({ change, code: "NOT_FOUND", entity });
  }
  expect(await contentsOf(gateway.dataSource)).toEqual(before);
}

const withUser = exampleNames.filter(
  (name) =>
    operationOf(name).kind === "mutation" &&
    "user" in ((argumentsOf({} as Stage, name, {}).input as object | undefined) ?? {}),
);

describe("a change of an unknown user is refused and changes nothing", () => {
  it.each(withUser)("%s of an unknown user is refused and changes nothing", (name) =>
    expectNotFound(
      name,
      "User",
      nobody.map((user) => ({ user })),
    ),
  );

  it("createApiKey for an unknown owner is refused", () =>
    expectNotFound(
      "createApiKey",
      "User",
      nobody.map((owner) => ({ owner })),
    ));

  it.each(["user", "agent"] as const)("a query for an unknown %s returns null", async (name) => {
    for (const by of nobody) {
      expect(dataOf(await callWith(gateway, admin, name, { by }))).toEqual({ [name]: null });
    }
  });
});

describe("a change with another unknown reference is refused and changes nothing", () => {
  const unknownStatuses = [{ statusId: 99 }, { statusId: 2_147_483_647 }];
  const until = "2100-01-01T00:00:00Z";

  it.each([
    ["setStatus", "Status", unknownStatuses],
    ["lockStatus", "Status", unknownStatuses],
    ["reportExternalStatus", "Status", unknownStatuses.map((change) => ({ ...change, until }))],
    ["updateStatus", "Status", [{ id: 99 }, { id: 2_147_483_647 }]],
    ["setCampaignState", "Campaign", [{ campaign: "no-such-campaign" }]],
    ["updateUserView", "View", unknownIds("View").map((viewId) => ({ viewId }))],
    ["updateGroup", "Group", unknownIds("Group").map((id) => ({ id }))],
    ["updateCampaign", "Campaign", unknownIds("Campaign").map((id) => ({ id }))],
    ["updateView", "View", unknownIds("View").map((id) => ({ id }))],
    ["revokeApiKey", "ApiKey", unknownIds("ApiKey").map((id) => ({ id }))],
    ["acceptReservation", "Reservation", unknownIds("Reservation").map((id) => ({ id }))],
    ["releaseReservation", "Reservation", unknownIds("Reservation").map((id) => ({ id }))],
    ["reserveNextAvailable", "Group", unknownIds("Group").map((groupId) => ({ groupId }))],
    ["watchUserStatistic", "UserStatistic", [{ statistic: "NO_SUCH" }, { primaryOption: "a" }]],
    ["removeUserStatistic", "UserStatistic", [{ statistic: "calls" }, { secondaryOption: "a" }]],
    ["removeAgent", "Manager", [{ role: "MANAGER" }]],
  ] as const)("%s with an unknown %s is refused and changes nothing", (name, entity, changes) =>
    expectNotFound(name, entity, changes),
  );

  it.each(["createUser", "updateUser"] as const)(
    "%s with one unknown group among known ones is refused",
    (name) =>
      expectNotFound(
        name,
        "Group",
        unknownIds("Group").map((id) => ({ groupIds: [stage.groupId, id], firstname: "New" })),
      ),
  );

  it("setAgentAvailability and removeAgent refuse a user that is no agent", async () => {
    const user = { id: (await givenPerson(gateway, admin)).id };
    await expectNotFound("setAgentAvailability", "Agent", [{ user }]);
    await expectNotFound("removeAgent", "Agent", [{ user }]);
  });

  it.each(["users", "agents", "presences"] as const)(
    "%s with an id that is no group is refused",
    async (name) => {
      const [unknown, ...impossible] = unknownIds("Group");
      for (const groupId of impossible) {
        const { errors } = await callWith(gateway, admin, name, { filter: { groupId } });
        expect(errors?.[0]?.extensions).toMatchObject({ code: "NOT_FOUND", entity: "Group" });
      }
      const filter = { groupId: unknown };
      const answer = await callWith(gateway, admin, name, { filter }, "{ totalCount }");
      expect(dataOf(answer)).toEqual({ [name]: { totalCount: 0 } });
    },
  );
});
