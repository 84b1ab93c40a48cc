import { fromGlobalId, nodeTypes, toGlobalId } from "../../src/domain/global-id.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, dataOf, faultyFieldsOf } from "./answers.js";
import { everythingOf } from "./everything-of.js";
import { givenSession, type Person } from "./given.js";
import { givenAgent, givenStage } from "./scene.js";

type NodeType = (typeof nodeTypes)[number];

let gateway: TestGateway;
let admin: string;
let oneself: Person;
let somebody: Person;
/** An id of an existing object of each type. */
let ids: Record<NodeType, string>;

const ofPerson = (type: NodeType, { id }: Person) =>
  toGlobalId(type, fromGlobalId(id)?.key ?? "none");

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  oneself = await givenAgent(gateway, admin);
  somebody = await givenAgent(gateway, admin);
  const stage = await givenStage(gateway, admin, somebody);
  ids = {
    User: somebody.id,
    Agent: ofPerson("Agent", somebody),
    Presence: ofPerson("Presence", somebody),
    Reservation: stage.reservation.id,
    Group: stage.groupId,
    Campaign: stage.campaignId,
    View: stage.viewId,
    ApiKey: stage.apiKeyId,
  };
});
afterAll(() => gateway.stop());

interface Found {
  readonly __typename: string;
  readonly id: string;
}

const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`;

async function find(secret: string, wanted: readonly string[]): Promise<(Found | null)[]> {
  const answer = await gateway.ask(secret, NODES, { ids: wanted });
  return dataOf<{ nodes: (Found | null)[] }>(answer).nodes;
}

it.each(nodeTypes)("%s is refetched by its id with every field", async (type) => {
  const answer = await gateway.ask(
    admin,
    `query ($id: ID!) { node(id: $id) { __typename id ... on ${type} ${everythingOf(type)} } }`,
    { id: ids[type] },
  );
  expect(answer.data).toMatchObject({ node: { __typename: type, id: ids[type] } });
  expect(answer.errors).toBeUndefined();
});

it("every type that is a Node can be found", async () => {
  const { data } = await gateway.ask(admin, `{ __type(name: "Node") { possibleTypes { name } } }`);
  const { __type } = data as { __type: { possibleTypes: { name: string }[] } };
  expect(__type.possibleTypes.map(({ name }) => name).sort()).toEqual([...nodeTypes].sort());
});

it("nodes returns the requested order, null for unknown ids, and repeats", async () => {
  const wanted = [
    ids.View,
    toGlobalId("User", 2_000_000_000),
    ids.User,
    "garbage",
    ids.View,
    ids.Agent,
  ];
  expect(await find(admin, wanted)).toEqual([
    { __typename: "View", id: ids.View },
    null,
    { __typename: "User", id: ids.User },
    null,
    { __typename: "View", id: ids.View },
    { __typename: "Agent", id: ids.Agent },
  ]);
  expect(await find(admin, [])).toEqual([]);
});

it.each([
  ["an empty text", ""],
  ["garbage", "garbage"],
  ["another type", Buffer.from("Status:1").toString("base64url")],
  ["a type in small letters", Buffer.from("user:1").toString("base64url")],
  ["a key beyond every table", toGlobalId("Group", "999999999999999999")],
  ["key zero", Buffer.from("User:0").toString("base64url")],
  ["something after the key", Buffer.from("User:1 OR 1=1").toString("base64url")],
  ["padding", `${toGlobalId("Group", 1)}=`],
  ["another alphabet", Buffer.from("User:\u00ff").toString("base64")],
  ["U+0000", "\u0000"],
  ["a long text", "x".repeat(5000)],
])("an invalid id returns null: %s", async (_, id) => {
  expect(await find(admin, [id])).toEqual([null]);
  const answer = await gateway.ask(admin, `query ($id: ID!) { node(id: $id) { id } }`, { id });
  expect(dataOf(answer)).toEqual({ node: null });
});

it("more than 100 nodes at a time are refused", async () => {
  const all = Array.from({ length: 101 }, () => ids.User);
  expect(await find(admin, all.slice(1))).toHaveLength(100);
  const answer = await gateway.ask(admin, NODES, { ids: all });
  expect([codeOf(answer), faultyFieldsOf(answer)]).toEqual(["BAD_USER_INPUT", ["ids"]]);
});

describe("what the caller may not read otherwise is as if it were not there", () => {
  const catalogues: NodeType[] = ["Group", "Campaign", "View"];
  const people: NodeType[] = ["User", "Agent", "Presence", "Reservation"];

  const typesFor = async (secret: string, of: Record<NodeType, string> = ids) => {
    const found = await find(
      secret,
      nodeTypes.map((type) => of[type]),
    );
    return nodeTypes.filter((_, i) => found[i] !== null);
  };

  it("a key without USER_READ receives null for nodes it cannot read", async () => {
    const key = await gateway.givenKey("USER_CUD", "API_RESERVE_USER");
    expect(await typesFor(key)).toEqual(nodeTypes.filter((type) => catalogues.includes(type)));
  });

  it("a key with USER_READ receives null for nodes that need more", async () => {
    const key = await gateway.givenKey("USER_READ");
    const readable = [...catalogues, ...people];
    expect(await typesFor(key)).toEqual(nodeTypes.filter((type) => readable.includes(type)));
  });

  it("a user without permissions finds only nodes about themself", async () => {
    const session = await givenSession(gateway, oneself);
    expect(await typesFor(session)).toEqual(nodeTypes.filter((type) => catalogues.includes(type)));
    const own = {
      ...ids,
      User: oneself.id,
      Agent: ofPerson("Agent", oneself),
      Presence: ofPerson("Presence", oneself),
      Reservation: await givenReservation(oneself),
    };
    const readable = [...catalogues, ...people];
    expect(await typesFor(session, own)).toEqual(
      nodeTypes.filter((type) => readable.includes(type)),
    );
  });

  it("node is refused without a credential", async () => {
    for (const type of nodeTypes) {
      const answer = await gateway.ask(null, NODES, { ids: [ids[type]] });
      expect([codeOf(answer), answer.data]).toEqual(["UNAUTHENTICATED", undefined]);
    }
  });
});

async function givenReservation({ id }: Person): Promise<string> {
  const answer = await gateway.ask(
    admin,
    `mutation ($id: ID) {
       reserveUserForLiveChannel(input: { user: { id: $id } }) { reservation { id } } }`,
    { id },
  );
  return dataOf<{ reserveUserForLiveChannel: { reservation: { id: string } } }>(answer)
    .reserveUserForLiveChannel.reservation.id;
}
