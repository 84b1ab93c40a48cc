import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { TcpProxy } from "./support/tcp-proxy.js";

const echo = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("error", () => undefined).pipe(socket);
});
let proxy: TcpProxy;

beforeAll(async () => {
  await once(echo.listen(0, "127.0.0.1"), "listening");
  proxy = await TcpProxy.before("127.0.0.1", (echo.address() as AddressInfo).port);
});
afterAll(async () => {
  await proxy.close();
  echo.close();
});
afterEach(() => proxy.resume());

const dial = () => connect(proxy.port, "127.0.0.1").on("error", () => undefined);

async function open(): Promise<Socket> {
  const socket = dial();
  await once(socket, "connect");
  return socket;
}

const closing = (socket: Socket) => new Promise((resolve) => socket.once("close", resolve));

async function echoed(socket: Socket, word: string): Promise<string> {
  socket.write(word);
  const [chunk] = (await once(socket, "data")) as [Buffer];
  return chunk.toString();
}

it("the proxy forwards both ways to the end", async () => {
  const socket = await open();
  expect(await echoed(socket, "one")).toBe("one");
  socket.end("two");
  expect(await text(socket)).toBe("two");
});

it("a stalled proxy holds everything back without closing or losing anything", async () => {
  const old = await open();
  await echoed(old, "before");
  proxy.stall();
  const young = await open();
  const answers = Promise.all([echoed(old, "held"), echoed(young, "held too")]);
  const other = connect((echo.address() as AddressInfo).port, "127.0.0.1");
  await echoed(other, "past the proxy");
  expect([old.bytesRead, young.bytesRead]).toEqual(["before".length, 0]);
  expect([old.closed, young.closed]).toEqual([false, false]);

  proxy.resume();
  expect(await answers).toEqual(["held", "held too"]);
  other.destroy();
  old.destroy();
  young.destroy();
});

it("a cut proxy resets open connections and refuses new ones until restored", async () => {
  const old = await open();
  await echoed(old, "before");
  const reset = closing(old);
  proxy.cut();
  await reset;
  await closing(dial());
  expect(proxy.open).toBe(0);

  proxy.resume();
  const next = await open();
  expect(await echoed(next, "after")).toBe("after");
  next.destroy();
});

it("delayed data arrives, immediately when the delay is removed", async () => {
  const socket = await open();
  await echoed(socket, "before");
  proxy.delay(600_000);
  const answer = echoed(socket, "late");
  const other = connect((echo.address() as AddressInfo).port, "127.0.0.1");
  await echoed(other, "past the proxy");
  expect(socket.bytesRead).toBe("before".length);
  proxy.resume();
  expect(await answer).toBe("late");
  other.destroy();
  socket.destroy();
});
