import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import fc from "fast-check";
import { bodyOf, HttpConnection } from "../../bench/load/http-connection.js";
import { toBytes } from "../../bench/load/request.js";

/** Answers each request with the same bytes, in pieces of these lengths, one piece per tick. */
async function answering(answer: Buffer, lengths: readonly number[]): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => {
      let at = 0;
      const rest = [...lengths];
      const sendNext = () => {
        if (at >= answer.length) return;
        const end = at + (rest.shift() ?? answer.length);
        socket.write(answer.subarray(at, end), () => setImmediate(sendNext));
        at = end;
      };
      sendNext();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const whole = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const chunked = (body: string): string => {
  const bytes = Buffer.from(body);
  const middle = bytes.length >> 1;
  const chunks = [bytes.subarray(0, middle), bytes.subarray(middle)]
    .filter(({ length }) => length > 0)
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk.toString("latin1")}\r\n`);
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join("")}0\r\n\r\n`;
};

const spellings = [
  { how: "with its length", spell: (body: string) => Buffer.from(whole(body)) },
  { how: "in chunks", spell: (body: string) => Buffer.from(chunked(body), "latin1") },
];

it.each(spellings)(
  "a response $how is read whole, in whatever pieces it arrives",
  async ({ spell }) => {
    const bodies = fc.string({ unit: "grapheme", maxLength: 60 });
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(bodies, lengths, async (body, pieces) => {
        const server = await answering(spell(body), pieces);
        const { port } = server.address() as AddressInfo;
        const connection = new HttpConnection(`http://127.0.0.1:${port}`);
        try {
          const request = toBytes({ method: "GET", path: "/" }, {});
          const answers = [await connection.send(request), await connection.send(request)];
          expect(answers.map(bodyOf)).toEqual([body, body]);
        } finally {
          connection.close();
          server.close();
        }
      }),
      { numRuns: 30 },
    );
  },
);

/** Closes each connection after one response with `Connection: close`; the first connection without a response. */
async function impatient(): Promise<Server> {
  let connections = 0;
  const server = createServer((socket) => {
    const isFirst = ++connections === 1;
    socket.on("error", () => undefined);
    socket.on("data", () =>
      socket.end(
        isFirst ? "" : "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
      ),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

it("a closed connection is a failure, and the next request opens another one", async () => {
  const server = await impatient();
  const { port } = server.address() as AddressInfo;
  const connection = new HttpConnection(`http://127.0.0.1:${port}`);
  const request = toBytes({ method: "GET", path: "/" }, {});
  await expect(connection.send(request)).rejects.toThrow("the server has hung up");
  for (let i = 0; i < 3; i += 1) expect(bodyOf(await connection.send(request))).toBe("ok");
  connection.close();
  server.close();
});
