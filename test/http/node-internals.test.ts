import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { handBack, isResponding, stopAccepting } from "../../src/http/node-internals.js";

let server: Server;
const clients: Socket[] = [];
beforeEach(async () => {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  server.closeAllConnections();
  server.close();
});

async function open(): Promise<{ client: Socket; received: () => string }> {
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  clients.push(client);
  await once(client, "connect");
  let text = "";
  client.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  return { client, received: () => text };
}

const GET = "GET / HTTP/1.1\r\nHost: gateway\r\n\r\n";

/** Resolves with the next request of the server and its response. */
const nextRequest = () => once(server, "request") as Promise<[IncomingMessage, ServerResponse]>;

it("isResponding is true exactly while a response is being sent on a connection", async () => {
  const { client } = await open();
  client.write(GET);
  const [{ socket }, response] = await nextRequest();
  expect(isResponding(socket)).toBe(false);
  response.write("begun");
  expect(isResponding(socket)).toBe(true);
  response.end();
  await once(response, "finish");
  expect(isResponding(socket)).toBe(false);
});

it("isResponding is true when a client breaks the protocol after its response began", async () => {
  const { client } = await open();
  client.write(GET);
  const [, response] = await nextRequest();
  response.write("begun");
  client.write("this is no HTTP\r\n\r\n");
  const [, stream] = (await once(server, "clientError")) as [Error, Duplex];
  expect(isResponding(stream)).toBe(true);
  stream.destroy();
});

it("stopAccepting refuses new connections and completes the response of an open one", async () => {
  const { client, received } = await open();
  client.write(GET);
  const [, response] = await nextRequest();
  response.setHeader("connection", "close");
  // More than the network buffers, so that it is still being sent after `end`.
  const body = "x".repeat(20_000_000);
  client.pause();
  response.end(body);
  const { port } = server.address() as AddressInfo;
  const stopped = stopAccepting(server);
  const [error] = (await once(connect(port, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
  expect(response.writableFinished).toBe(false);
  client.resume();
  await once(client, "close");
  expect(received()).toHaveLength(received().indexOf("\r\n\r\n") + 4 + body.length);
  await stopped;
});

it("handBack lets the server read a request from a connection that it has released for an upgrade", async () => {
  server.on("upgrade", (_request: IncomingMessage, stream: Duplex) => {
    stream.unshift(Buffer.from(GET));
    handBack(server, stream);
  });
  server.on("request", (_request, response: ServerResponse) => response.end("served"));
  const { client, received } = await open();
  client.write("GET / HTTP/1.1\r\nHost: gateway\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n");
  while (!received().includes("served")) await once(client, "data");
  // The connection stays usable.
  client.write(GET);
  while (received().split("served").length < 3) await once(client, "data");
});
