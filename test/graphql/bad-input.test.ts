import type { GraphQLInputObjectType } from "graphql";
import { getNamedType, isInputObjectType } from "graphql";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import type { Arguments, ExampleName } from "../support/operations.js";
import { codeOf, faultyFieldsOf } from "./answers.js";
import { type BadInput, badInputs, badPeople } from "./bad-input-cases.js";
import { contentsOf } from "./contents.js";
import type { Person } from "./given.js";
import {
  argumentsOf,
  callWith,
  givenAgent,
  givenStage,
  operationOf,
  operations,
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

const inputTypeOf = (name: ExampleName): GraphQLInputObjectType => {
  const type = operationOf(name).field.args.find((argument) => argument.name === "input")?.type;
  if (!isInputObjectType(type && getNamedType(type))) throw new Error(`${name} has no input`);
  return getNamedType(type) as GraphQLInputObjectType;
};

const mutations = [...operations].filter(([, { kind }]) => kind === "mutation");
const withInput = mutations
  .filter(([, { field }]) => field.args.length > 0)
  .map(([name]) => name as ExampleName);
const aboutSomebody = withInput
  .filter((name) => "user" in inputTypeOf(name).getFields())
  .filter((name) => name !== "login");

const inputOf = (name: ExampleName): Record<string, unknown> =>
  argumentsOf(stage, name, { id: somebody.id }).input as Record<string, unknown>;

const send = (name: ExampleName, given: Arguments) => callWith(gateway, admin, name, given);

/** Expects that each of these is refused and changes no table. */
async function expectRefusals(name: ExampleName, cases: readonly BadInput[]) {
  const before = await contentsOf(gateway.dataSource);
  for (const [changes, ...fields] of cases) {
    const answer = await send(name, { input: { ...inputOf(name), ...changes } });
    const refusal = { changes, code: codeOf(answer), fields: faultyFieldsOf(answer) };
    expect(refusal).toEqual({ changes, code: "BAD_USER_INPUT", fields });
  }
  expect(await contentsOf(gateway.dataSource)).toEqual(before);
}

/** The same for inputs that GraphQL itself refuses: its message names the place. */
async function expectTypeErrors(name: ExampleName, cases: readonly [unknown, place: string][]) {
  const before = await contentsOf(gateway.dataSource);
  for (const [input, place] of cases) {
    const answer = await send(name, { input });
    expect([answer.status, codeOf(answer)]).toEqual([400, "BAD_USER_INPUT"]);
    expect(answer.errors?.[0]?.message).toContain(place);
  }
  expect(await contentsOf(gateway.dataSource)).toEqual(before);
}

it("every mutation with an input has a table of invalid values", () => {
  expect(Object.keys(badInputs).sort()).toEqual([...withInput].sort());
});

describe("an invalid value is named and changes nothing", () => {
  const tables = Object.entries(badInputs) as [ExampleName, readonly BadInput[]][];
  it.each(tables.filter(([, cases]) => cases.length > 0))(
    "%s refuses invalid values by field and changes nothing",
    expectRefusals,
  );
});

describe("a UserBy with no field, two fields or an overlong value is refused", () => {
  it.each(aboutSomebody)("%s refuses an invalid UserBy and changes nothing", (name) =>
    expectRefusals(name, badPeople),
  );

  it("heartbeat without a user by a key without an owner is refused", () =>
    expectRefusals("heartbeat", [[{ user: undefined }, "user"]]));
});

describe("a value of the wrong type is refused and changes nothing", () => {
  const fieldsOf = (name: ExampleName) => Object.values(inputTypeOf(name).getFields());

  it.each(withInput)("%s: a wrong type in each field of the input is refused", async (name) => {
    const cases = fieldsOf(name).map((field): [unknown, string] => {
      const wrong = isInputObjectType(getNamedType(field.type)) ? "nonsense" : { nonsense: true };
      return [{ ...inputOf(name), [field.name]: wrong }, `at "input.${field.name}`];
    });
    await expectTypeErrors(name, cases);
  });

  it.each(withInput)("%s: missing and unknown fields are refused", async (name) => {
    const required = fieldsOf(name).filter(({ type }) => String(type).endsWith("!"));
    const cases = required.map((field): [unknown, string] => [
      { ...inputOf(name), [field.name]: undefined },
      `"${field.name}"`,
    ]);
    cases.push([null, "$input"], [{ ...inputOf(name), surplus: 1 }, `"surplus"`]);
    await expectTypeErrors(name, cases);
  });
});
