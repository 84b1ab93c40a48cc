import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { codeOf, dataOf, faultyFieldsOf } from "./answers.js";
import { givenPerson } from "./given.js";

let gateway: TestGateway;
let admin: string;

const people = [
  { username: "anna.k", firstname: "Anna", lastname: "Kowalska", telephone: "+48221234567" },
  { username: "hannah", firstname: "Hannah", lastname: "Émile-Łukasz", email: "hl@example.com" },
  { username: "50percent", firstname: "100%", lastname: "Under_Score" },
  { username: "back", firstname: "Back\\slash", lastname: "O'Neill" },
  { username: "greek", firstname: "ΟΔΟΣ", lastname: "İstanbul" },
  { username: "li", firstname: "王", lastname: "小明" },
  { username: "nameless" },
];

beforeAll(async () => {
  gateway = await startTestGateway();
  admin = await gateway.givenKey("ADMIN");
  for (const person of people) {
    const { id } = await givenPerson(gateway, admin, person);
    const user = { id };
    await gateway.ask(
      admin,
      `mutation ($input: RegisterAgentInput!) { registerAgent(input: $input) { __typename } }`,
      { input: { user, role: "AGENT" } },
    );
  }
});
afterAll(() => gateway.stop());

async function search(text: string): Promise<string[]> {
  const answer = await gateway.ask(
    admin,
    `query ($search: String) {
       users(filter: { search: $search }) { totalCount nodes { username } }
       agents(filter: { search: $search }) { nodes { user { username } } }
     }`,
    { search: text },
  );
  const { users, agents } = dataOf<{
    users: { totalCount: number; nodes: { username: string }[] };
    agents: { nodes: { user: { username: string } }[] };
  }>(answer);
  const found = users.nodes.map(({ username }) => username);
  expect(users.totalCount).toBe(found.length);
  expect(agents.nodes.map(({ user }) => user.username)).toEqual(found);
  return found;
}

const everybody = people.map(({ username }) => username).sort();

it.each([
  ["by username", "nameless", ["nameless"]],
  ["by a part of the first name", "annah", ["hannah"]],
  ["by a part of the last name", "walsk", ["anna.k"]],
  ["by e-mail address", "hl@example", ["hannah"]],
  ["by telephone, with its plus sign", "+4822123", ["anna.k"]],
  ["by digits in the middle of a telephone", "2212345", ["anna.k"]],
  ["by a part that several users have", "anna", ["anna.k", "hannah"]],
  ["by a text without a match", "zzz", []],
])("search finds users %s", async (_, text, expected) => {
  expect(await search(text)).toEqual(expected);
});

it.each([
  ["in any order", "kowalska anna", ["anna.k"]],
  ["in different properties", "anna +48", ["anna.k"]],
  ["with any white space between", "\t anna \u00a0\n kowalska  ", ["anna.k"]],
  ["of which one is in no property", "kowalska example.com", []],
])("search finds users that match every word, %s", async (_, text, expected) => {
  expect(await search(text)).toEqual(expected);
});

it.each([
  ["", everybody],
  ["  \t ", everybody],
])("search for %j finds every user", async (text, expected) => {
  expect(await search(text)).toEqual(expected);
});

it.each([
  ["an", ["anna.k"]],
  ["ha", ["hannah"]],
  ["k", ["anna.k"]],
  ["na", ["nameless"]],
  ["o'", ["back"]],
  ["王", ["li"]],
  ["小明", ["li"]],
  ["明", []],
  ["an ko", ["anna.k"]],
  ["ko 221", ["anna.k"]],
])(
  "a search word of one or two characters matches the start of a word: %j",
  async (text, expected) => {
    expect(await search(text)).toEqual(expected);
  },
);

it.each([
  ["%", []],
  ["%%%", []],
  ["100%", ["50percent"]],
  ["10_%", []],
  ["_", []],
  ["___", []],
  ["r_s", ["50percent"]],
  ["r%s", []],
  ["\\", []],
  ["\\\\\\", []],
  ["k\\s", ["back"]],
  ["k\\\\s", []],
  ["back\\", ["back"]],
  ["'; DROP TABLE users; --", []],
  ["o'neill", ["back"]],
  ["$1", []],
])("search takes %j literally", async (text, expected) => {
  expect(await search(text)).toEqual(expected);
});

it.each([
  ["ÉMILE", ["hannah"]],
  ["émile", ["hannah"]],
  ["łUKASZ", ["hannah"]],
  ["ŁUKASZ", ["hannah"]],
  ["οδο", ["greek"]],
  ["ΟΔΟΣ", ["greek"]],
  ["İstanbul", ["greek"]],
  ["İS", ["greek"]],
  ["KOWALSKA", ["anna.k"]],
])("search finds %s in any letter case", async (text, expected) => {
  expect(await search(text)).toEqual(expected);
});

it.each([
  ["of more than 200 characters", "x".repeat(201)],
  ["with U+0000, which nothing can hold", "a\u0000b"],
])("a search %s is refused", async (_, text) => {
  for (const list of ["users", "agents"]) {
    const answer = await gateway.ask(
      admin,
      `query ($search: String) { ${list}(filter: { search: $search }) { __typename } }`,
      { search: text },
    );
    expect(codeOf(answer)).toBe("BAD_USER_INPUT");
    expect(faultyFieldsOf(answer)).toEqual(["filter.search"]);
  }
});

it("a search for an unpaired surrogate finds no user", async () => {
  expect(await search("ann\ud800")).toEqual([]);
});

describe("the views of a person", () => {
  const namesOf = async (text: string) => {
    const answer = await gateway.ask(
      admin,
      `query ($search: String) { user(by: { username: "li" }) { views(search: $search) { view { name } } } }`,
      { search: text },
    );
    if (answer.errors) return [codeOf(answer), ...faultyFieldsOf(answer)];
    const { user } = dataOf<{ user: { views: { view: { name: string } }[] } }>(answer);
    return user.views.map(({ view }) => view.name);
  };

  beforeAll(async () => {
    for (const name of ["Ärger 100%", "All tickets", "under_way"]) {
      const input = { name };
      await gateway.ask(
        admin,
        `mutation ($input: CreateViewInput!) { createView(input: $input) { __typename } }`,
        { input },
      );
    }
  });

  it.each([
    ["", ["Ärger 100%", "All tickets", "under_way"]],
    ["ÄRGER", ["Ärger 100%"]],
    ["L T", ["All tickets"]],
    ["%", ["Ärger 100%"]],
    ["_", ["under_way"]],
    ["\\", []],
    ["\u0000", ["BAD_USER_INPUT", "search"]],
    ["x".repeat(201), ["BAD_USER_INPUT", "search"]],
  ])("the views of a user are found by %j in their names", async (text, expected) => {
    expect(await namesOf(text)).toEqual(expected);
  });
});
