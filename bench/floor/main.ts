import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as q1 from "../workloads/one-user.js";
import * as q2 from "../workloads/fifty-users.js";
import * as q3 from "../workloads/set-status.js";
import * as q4 from "../workloads/search-page.js";
import { clientexecOnline } from "./clientexec-online.js";
import { fiftyUsers } from "./fifty-users.js";
import { JtelLists } from "./jtel-everybody.js";
import { PipelinedClients } from "./connections.js";
import { omnideskIndex } from "./omnidesk-index.js";
import { oneUser } from "./one-user.js";
import { searchPage } from "./search-page.js";
import { setStatus } from "./set-status.js";
import type { Connections } from "./statement.js";

/** Recognises these texts only, and parses no GraphQL. */
const operations = new Map<string, (connections: Connections, variables: never) => Promise<string>>(
  [
    [q1.QUERY, oneUser],
    [q2.QUERY, fiftyUsers],
    [q3.QUERY, setStatus],
    [q4.QUERY, searchPage],
  ],
);

interface GraphqlRequest {
  readonly query: string;
  readonly variables: never;
}

const send = (response: ServerResponse, body: string): void => {
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  response.writeHead(200, headers).end(body);
};

function fail(response: ServerResponse, error: unknown): void {
  process.stderr.write(`${(error as Error).stack}\n`);
  response.writeHead(500).end();
}

function handleGraphql(
  connections: Connections,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  let text = "";
  request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  request.on("end", () => {
    const { query, variables } = JSON.parse(text) as GraphqlRequest;
    const operation = operations.get(query);
    if (!operation) return fail(response, new Error(`unknown: ${query}`));
    operation(connections, variables).then(
      (body) => send(response, body),
      (error: unknown) => fail(response, error),
    );
  });
}

async function run(): Promise<void> {
  const url = process.env["DATABASE_URL"] ?? "";
  const connections = await PipelinedClients.open(url, process.env["FLOOR_SHARES"] === "1");
  const lists = new JtelLists(url);
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://floor");
    const respond = (body: Promise<string>) =>
      body.then(
        (text) => send(response, text),
        (error: unknown) => fail(response, error),
      );
    if (pathname === "/graphql") return handleGraphql(connections, request, response);
    if (pathname === "/api/v2/user") return void respond(omnideskIndex(connections, searchParams));
    if (pathname === "/rest/v1.0/1/users") {
      response.writeHead(200, { "content-type": "application/json" });
      return void lists.send(response).catch((error: unknown) => fail(response, error));
    }
    return void respond(clientexecOnline(connections));
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`listening http://127.0.0.1:${port}\n`);
  });
}

void run();
