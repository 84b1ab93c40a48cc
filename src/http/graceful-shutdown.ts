import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { stopAccepting } from "./node-internals.js";

const CLOSE_IDLE_INTERVAL_MS = 50;

/** Stops a server without failing a request: those in flight receive their response, with `connection: close`. */
export class GracefulShutdown {
  /**
   * The latest response on each connection, until it is sent; otherwise null. Not a set of responses: a set with many insertions and
   * deletions replaces its table, and V8 keeps the old table, with all that it held, until a full garbage collection.
   */
  private readonly responses = new Map<Socket, ServerResponse | null>();
  private begun = false;

  constructor(private readonly server: Server) {
    server.on("connection", (socket: Socket) => {
      this.responses.set(socket, null);
      socket.once("close", () => this.responses.delete(socket));
    });
    server.prependListener("request", ({ socket }, response) => {
      this.responses.set(socket, response);
      response.once("close", () => {
        if (this.responses.get(socket) === response) this.responses.set(socket, null);
      });
      if (this.begun) makeLast(response);
    });
  }

  get hasBegun(): boolean {
    return this.begun;
  }

  /** From now on every response is the last on its connection. Requests are still accepted. */
  begin(): void {
    this.begun = true;
    for (const response of this.responses.values()) if (response) makeLast(response);
  }

  /** Accepts no more connections, and resolves when all are closed. Those that are left after `withinMs` are destroyed. */
  async finish(withinMs: number): Promise<void> {
    if (!this.server.listening) return;
    const timeout = setTimeout(() => {
      for (const socket of this.responses.keys()) socket.destroy();
    }, withinMs);
    // Idle connections are not closed immediately: a request may have arrived on one that is not read yet.
    const closingIdle = setInterval(() => this.closeIdle(), CLOSE_IDLE_INTERVAL_MS);
    await stopAccepting(this.server);
    clearInterval(closingIdle);
    clearTimeout(timeout);
  }

  private closeIdle(): void {
    // Browsers open connections in advance; Node does not count them as idle.
    for (const socket of this.responses.keys()) if (socket.bytesRead === 0) socket.destroy();
    // Node counts a connection as idle while its response is still being sent.
    const isSending = [...this.responses.values()].some(
      (response) => response?.writableEnded && !response.writableFinished,
    );
    if (!isSending) this.server.closeIdleConnections();
  }
}

function makeLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}
