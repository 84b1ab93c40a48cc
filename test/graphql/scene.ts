import { randomUUID } from "node:crypto";
import { createSchema } from "../../src/resolvers/schema.js";
import type { GraphQLAnswer, TestGateway } from "../support/gateway.js";
import {
  type Arguments,
  documentOf,
  type ExampleName,
  examples,
  operationsOf,
  type Scene,
} from "../support/operations.js";
import { dataOf } from "./answers.js";
import { givenEntry, givenPerson, givenSession, PASSWORD, type Person } from "./given.js";

export const operations = operationsOf(createSchema());

export const exampleNames = Object.keys(examples) as ExampleName[];

/** What every example needs beside its user. */
export type Stage = Omit<Scene, "by" | "unique">;

/** A user with a password and no permissions on which every example succeeds. */
export async function givenAgent(gateway: TestGateway, admin: string): Promise<Person> {
  const person = await givenPerson(gateway, admin, { password: PASSWORD });
  const user = { id: person.id };
  const answer = await gateway.ask(
    admin,
    `mutation ($role: RegisterAgentInput!, $figure: AddUserStatisticInput!, $status: SetStatusInput!) {
       registerAgent(input: $role) { __typename }
       addUserStatistic(input: $figure) { __typename }
       setStatus(input: $status) { __typename }
     }`,
    {
      role: { user, role: "AGENT" },
      figure: { user, statistic: "CALLS" },
      status: { user, statusId: 1 },
    },
  );
  dataOf(answer);
  return person;
}

/** @param oneself the user that the example of `login` signs in, and that is reserved */
export async function givenStage(
  gateway: TestGateway,
  admin: string,
  oneself: Person,
): Promise<Stage> {
  const campaign = "spring-offers";
  const answer = await gateway.ask(
    admin,
    `mutation ($user: UserBy!) {
       createApiKey(input: { name: "to be revoked", permissions: [USER_READ] }) { apiKey { id } }
       rotated: createApiKey(input: { name: "to be rotated", permissions: [USER_READ] }) { apiKey { id } }
       reserveUserForLiveChannel(input: { user: $user, ttlSeconds: 3600 }) { reservation { id fencingToken } }
     }`,
    { user: { id: oneself.id } },
  );
  const { createApiKey, rotated, reserveUserForLiveChannel } = dataOf<{
    createApiKey: { apiKey: { id: string } };
    rotated: { apiKey: { id: string } };
    reserveUserForLiveChannel: { reservation: Stage["reservation"] };
  }>(answer);
  await givenSession(gateway, oneself);
  const { sessions } = dataOf<{ sessions: { id: string }[] }>(
    await gateway.ask(admin, `query ($id: ID) { sessions(by: { id: $id }) { id } }`, {
      id: oneself.id,
    }),
  );
  return {
    sessionId: sessions[0]?.id ?? "",
    credentials: { user: oneself.username, password: PASSWORD },
    groupId: await givenEntry(gateway, admin, "Group"),
    campaignId: await givenEntry(gateway, admin, "Campaign", campaign),
    campaign,
    viewId: await givenEntry(gateway, admin, "View"),
    apiKeyId: createApiKey.apiKey.id,
    rotatedKeyId: rotated.apiKey.id,
    reservation: reserveUserForLiveChannel.reservation,
  };
}

/** The arguments of an operation's example for this stage and this user. */
export const argumentsOf = (stage: Stage, name: ExampleName, by: Arguments): Arguments =>
  examples[name]({ ...stage, by, unique: `u_${randomUUID().replaceAll("-", "_")}` });

/** The operation of an example. A dot precedes the name of a part with rules of its own. */
export function operationOf(name: ExampleName) {
  const operation = operations.get(name.split(".")[0] ?? "");
  if (!operation) throw new Error(`${name} is no operation of the schema`);
  return operation;
}

/** @param selection of the result; by default as little as possible */
export const callWith = (
  { ask }: TestGateway,
  secret: string | null,
  name: ExampleName,
  given: Arguments,
  selection?: string,
): Promise<GraphQLAnswer> => ask(secret, documentOf(operationOf(name), given, selection), given);
