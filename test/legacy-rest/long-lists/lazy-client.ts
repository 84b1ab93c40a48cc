import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Requests a path and reads nothing of the response. */
export async function askAndReadNothing(url: string, path: string, key: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // The gateway is expected to reset the connection.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  return socket;
}
