import { displayName, globalId, json, keyOf } from "./json.js";
import type { Connections, Text } from "./statement.js";

const statement = {
  name: "one-user",
  text: `SELECT id, username, firstname, lastname, email FROM users WHERE id = $1`,
  types: ["integer"],
};

export type UserRow = [id: string, username: string, firstname: Text, lastname: Text, email: Text];

export const userJson = ([id, username, firstname, lastname, email]: UserRow): string =>
  `{"id":"${globalId("User", id)}","username":${json(username)},"displayName":${displayName(firstname, lastname, username)},"email":${json(email)}}`;

export async function oneUser(
  connections: Connections,
  { by }: { by: { id: string } },
): Promise<string> {
  const [row] = await connections.query<UserRow>(statement, [keyOf(by.id)]);
  return `{"data":{"user":${row ? userJson(row) : "null"}}}`;
}
