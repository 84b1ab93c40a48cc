import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Asks for a path and reads nothing of the answer. */
export async function askAndReadNothing(url: string, path: string, key: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // To be cut off is what it is for.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  return socket;
}
