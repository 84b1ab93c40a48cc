import type { Server, ServerResponse } from "node:http";
import { type Socket, Server as TcpServer } from "node:net";

const LOOK_INTERVAL_MS = 50;

/** The end of a server without a failed request: who is there is answered, and told to go on elsewhere. */
export class GracefulShutdown {
  /**
   * The latest answer on each connection, until it is sent. Not a set of answers: whenever a set that much goes in and out of
   * makes itself a new table, the old one leads to the new one, and those that it held are kept with it until a full collection.
   */
  private readonly answers = new Map<Socket, ServerResponse | null>();
  private begun = false;

  constructor(private readonly server: Server) {
    server.on("connection", (socket: Socket) => {
      this.answers.set(socket, null);
      socket.once("close", () => this.answers.delete(socket));
    });
    server.prependListener("request", ({ socket }, response) => {
      this.answers.set(socket, response);
      response.once("close", () => {
        if (this.answers.get(socket) === response) this.answers.set(socket, null);
      });
      if (this.begun) makeLast(response);
    });
  }

  get hasBegun(): boolean {
    return this.begun;
  }

  /** From now on every answer is the last on its connection. Requests are still taken. */
  begin(): void {
    this.begun = true;
    for (const response of this.answers.values()) if (response) makeLast(response);
  }

  /** Takes no new connections, and ends when all requests in flight are answered; whoever is left by then is cut off. */
  async finish(withinMs: number): Promise<void> {
    if (!this.server.listening) return;
    const cut = setTimeout(() => {
      for (const socket of this.answers.keys()) socket.destroy();
    }, withinMs);
    // Idle connections are not closed at once: what was sent on one a moment ago may not have been read yet.
    const looking = setInterval(() => this.closeIdle(), LOOK_INTERVAL_MS);
    await new Promise<void>((resolve) => {
      // Not the HTTP server's own, which breaks off answers that are on their way to a slow reader.
      TcpServer.prototype.close.call(this.server, () => resolve());
    });
    clearInterval(looking);
    clearTimeout(cut);
  }

  private closeIdle(): void {
    // Browsers open connections in advance; Node counts them as busy.
    for (const socket of this.answers.keys()) if (socket.bytesRead === 0) socket.destroy();
    // Node counts a connection as idle although its answer is not sent yet.
    const isSending = [...this.answers.values()].some(
      (response) => response?.writableEnded && !response.writableFinished,
    );
    if (!isSending) this.server.closeIdleConnections();
  }
}

function makeLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}
