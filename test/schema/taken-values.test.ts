import { takenFields } from "../../src/errors/postgres.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

let gateway: TestGateway;
let secret: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("ADMIN");
});

afterAll(() => gateway.stop());

const createUser = (input: object) =>
  gateway.ask(
    secret,
    `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`,
    { input },
  );

const create = (noun: string, input: object) =>
  gateway.ask(
    secret,
    `mutation ($input: Create${noun}Input!) { create${noun}(input: $input) { __typename } }`,
    { input },
  );

let people = 0;
const somebodyWith = (properties: object) => {
  people += 1;
  return createUser({ username: `somebody-${people}`, ...properties });
};
const somebodyKnownAs = (...externalIds: object[]) => somebodyWith({ externalIds });

type Call = () => Promise<unknown>;

/** The field that the response names, and two calls. The second requests the value that the first has taken. */
const collisions: Record<string, readonly [string, Call, Call]> = {
  users_username_key: [
    "username",
    () => createUser({ username: "Vogel" }),
    () => createUser({ username: "vOGEL" }),
  ],
  users_email_key: [
    "email",
    () => somebodyWith({ email: "vogel@example.com" }),
    () => somebodyWith({ email: "VOGEL@example.com" }),
  ],
  users_clientexec_id_key: [
    "externalIds",
    () => somebodyKnownAs({ system: "CLIENTEXEC", id: "4711" }),
    () => somebodyKnownAs({ system: "CLIENTEXEC", id: "4711" }),
  ],
  users_rocket_chat_id_key: [
    "externalIds",
    () => somebodyKnownAs({ system: "ROCKET_CHAT", id: "abcdefghijklmnopq" }),
    () => somebodyKnownAs({ system: "ROCKET_CHAT", id: "abcdefghijklmnopq" }),
  ],
  users_jtel_id_key: [
    "externalIds",
    () => somebodyKnownAs({ system: "JTEL", id: "4711", uid: "one" }),
    () => somebodyKnownAs({ system: "JTEL", id: "4711", uid: "other" }),
  ],
  users_jtel_uid_key: [
    "externalIds",
    () => somebodyKnownAs({ system: "JTEL", id: "5001", uid: "k.vogel" }),
    () => somebodyKnownAs({ system: "JTEL", id: "5002", uid: "K.Vogel" }),
  ],
  users_omnidesk_id_key: [
    "externalIds",
    () => somebodyKnownAs({ system: "OMNIDESK", id: "4711" }),
    () => somebodyKnownAs({ system: "OMNIDESK", id: "4711" }),
  ],
  statuses_name_key: [
    "name",
    () => create("Status", { name: "At lunch", class: "AWAY" }),
    () => create("Status", { name: "at Lunch", class: "BUSY" }),
  ],
  groups_name_key: [
    "name",
    () => create("Group", { name: "Night shift" }),
    () => create("Group", { name: "night SHIFT" }),
  ],
  campaigns_name_key: [
    "name",
    () => create("Campaign", { name: "spring" }),
    () => create("Campaign", { name: "Spring" }),
  ],
  views_name_key: [
    "name",
    () => create("View", { name: "Overdue" }),
    () => create("View", { name: "OVERDUE" }),
  ],
};

it("every unique field has a case", () => {
  expect(Object.keys(collisions)).toEqual(Object.keys(takenFields));
});

it.each(Object.entries(collisions))(
  "a taken value of %s is refused with CONFLICT",
  async (_, [field, first, second]) => {
    expect(await first()).not.toHaveProperty("errors");
    expect(await second()).toMatchObject({
      errors: [
        {
          message: `${field} is already taken`,
          extensions: { code: "CONFLICT", fields: [{ path: field, message: "is already taken" }] },
        },
      ],
    });
  },
);
