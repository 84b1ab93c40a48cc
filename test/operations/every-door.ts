import { startWebSocketClient } from "../support/subscription-client.js";

/** Sends a request to every door, as clients do. @throws at the first failed response */
export async function askEveryDoor(url: string, key: string): Promise<void> {
  const bearer = { authorization: `Bearer ${key}` };
  const ask = async (query: string, headers: Record<string, string> = bearer) => {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as { data: object; errors?: object[] };
    if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return data;
  };
  const username = `p-${Date.now()}`;
  await ask(
    `mutation { createUser(input: { username: "${username}", password: "of-a-person-1" }) { user { id } } }`,
  );
  await ask(
    `mutation { login(input: { user: "${username}", password: "of-a-person-1" }) { token } }`,
    {},
  );

  const client = startWebSocketClient(url, key);
  const told = client.subscribe(`subscription { presenceChanged { cursor } }`).next();
  // Changes before the start of the subscription are not emitted.
  let isTold = false;
  const first = told.finally(() => (isTold = true));
  for (let statusId = 5; !isTold; statusId = statusId === 5 ? 1 : 5) {
    await ask(
      `mutation { setStatus(input: { user: { username: "${username}" }, statusId: ${statusId} }) { presence { id } } }`,
    );
  }
  await first;
  client.dispose();

  const paths: [path: string, headers: Record<string, string>][] = [
    ["/api/v1/me", { "x-auth-token": key, "x-user-id": "x" }],
    ["/rest/v1.0/1/users", bearer],
    ["/api/v2/user", { apikey: key }],
    ["/api/v2/clients", { apikey: key }],
    ["/openapi.json", {}],
    ["/healthz", {}],
    ["/readyz", {}],
    ["/metrics", bearer],
    ["/docs", { accept: "text/html" }],
    ["/graphql", { accept: "text/html" }],
  ];
  for (const [path, headers] of paths) {
    const { status } = await fetch(url + path, { headers });
    if (status >= 500) throw new Error(`${path}: ${status}`);
  }
}
