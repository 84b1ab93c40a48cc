import { once } from "node:events";
import { type AddressInfo, createServer, connect, type Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";

/** The current behaviour of the network, for existing and new connections. */
type Weather =
  | { readonly kind: "clear" }
  /** Nothing passes in either direction, nothing is closed: like an unplugged cable. */
  | { readonly kind: "stalled" }
  /** All data is delayed by this much. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** New connections are reset immediately. */
  | { readonly kind: "cut" };

const CLEAR: Weather = { kind: "clear" };

/**
 * A TCP proxy that injects network faults, between the gateway and Postgres or between a client and the gateway. It
 * starts without a fault.
 */
export class TcpProxy {
  private weather: Weather = CLEAR;
  private readonly waiting = new Set<() => void>();
  private readonly links = new Set<readonly [Socket, Socket]>();
  // Half-open sockets: a client that has ended its side may still receive a response.
  private readonly server = createServer({ allowHalfOpen: true }, (socket) => this.accept(socket));
  /** The total number of accepted connections. */
  accepted = 0;

  private constructor(private target: { readonly host: string; readonly port: number }) {}

  static async before(host: string, port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy({ host, port });
    proxy.server.listen(0, "127.0.0.1");
    await once(proxy.server, "listening");
    return proxy;
  }

  /** A new proxy, and the address through it. */
  static async beforeUrl(address: string): Promise<{ proxy: TcpProxy; url: string }> {
    const url = new URL(address);
    const proxy = await TcpProxy.before(url.hostname, Number(url.port));
    url.hostname = "127.0.0.1";
    url.port = String(proxy.port);
    return { proxy, url: url.href };
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Forwards new connections to another port. */
  lead(port: number): void {
    this.target = { ...this.target, port };
  }

  /** The number of open connections. */
  get open(): number {
    return this.links.size;
  }

  /** Stops all data in both directions without closing anything. New connections are accepted and stall too. */
  stall(): void {
    this.become({ kind: "stalled" });
  }

  delay(delayMs: number): void {
    this.become({ kind: "slow", delayMs });
  }

  /** Resets all connections, and new ones immediately, until `resume`. */
  cut(): void {
    this.become({ kind: "cut" });
    this.dropConnections();
  }

  /** Resets all connections; new ones work. */
  dropConnections(): void {
    for (const [near, far] of this.links) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** Ends the fault. Held data passes now. */
  resume(): void {
    this.become(CLEAR);
  }

  async close(): Promise<void> {
    this.become({ kind: "cut" });
    const closed = once(this.server, "close");
    this.server.close();
    this.dropConnections();
    await closed;
  }

  private become(weather: Weather): void {
    this.weather = weather;
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const goOn of waiting) goOn();
  }

  private accept(near: Socket): void {
    this.accepted += 1;
    near.on("error", ignore);
    if (this.weather.kind === "cut") {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ ...this.target, allowHalfOpen: true });
    far.on("error", ignore);
    const link = [near, far] as const;
    this.links.add(link);
    for (const [socket, other] of [link, [far, near] as const]) {
      socket.setNoDelay(true);
      socket.pipe(this.passage()).on("error", ignore).pipe(other);
      socket.once("close", (isReset) => {
        if (isReset) other.resetAndDestroy();
        if (other.closed) this.links.delete(link);
      });
    }
  }

  /** One direction. Holds each chunk while the fault lasts; backpressure reaches the sender. */
  private passage(): Transform {
    const transform = (chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) => {
      void this.permission().then(() => done(null, chunk));
    };
    return new Transform({ transform });
  }

  private async permission(): Promise<void> {
    if (this.weather.kind === "slow") await this.change(this.weather.delayMs);
    while (this.weather.kind === "stalled") await this.change();
  }

  /** Resolves when the weather changes, or after this time. */
  private change(timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.add(resolve);
      if (timeoutMs !== undefined) setTimeout(resolve, timeoutMs).unref();
    });
  }
}

const ignore = (): void => undefined;
