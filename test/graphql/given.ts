import { randomUUID } from "node:crypto";
import type { TestGateway } from "../support/gateway.js";
import { dataOf } from "./answers.js";

export const PASSWORD = "correct horse battery";

export interface Person {
  /** The global id. */
  readonly id: string;
  readonly username: string;
}

/** Creates a user through the API. @param admin the secret of a key with ADMIN */
export async function givenPerson(
  { ask }: TestGateway,
  admin: string,
  properties: Readonly<Record<string, unknown>> = {},
): Promise<Person> {
  const answer = await ask(
    admin,
    `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id username } } }`,
    { input: { username: `p-${randomUUID()}`, ...properties } },
  );
  return dataOf<{ createUser: { user: Person } }>(answer).createUser.user;
}

/** Signs in a user with the password `PASSWORD`. @returns the token */
export async function givenSession(
  { ask }: TestGateway,
  { username }: Pick<Person, "username">,
  password = PASSWORD,
): Promise<string> {
  const answer = await ask(
    null,
    `mutation ($input: LoginInput!) { login(input: $input) { token } }`,
    { input: { user: username, password } },
  );
  return dataOf<{ login: { token: string } }>(answer).login.token;
}

/** Creates a row of a catalogue. @returns its global id */
export async function givenEntry(
  { ask }: TestGateway,
  admin: string,
  type: "Group" | "Campaign" | "View",
  name: string = randomUUID(),
): Promise<string> {
  const field = type.toLowerCase();
  const answer = await ask(
    admin,
    `mutation ($input: Create${type}Input!) { created: create${type}(input: $input) { entry: ${field} { id } } }`,
    { input: { name } },
  );
  return dataOf<{ created: { entry: { id: string } } }>(answer).created.entry.id;
}
