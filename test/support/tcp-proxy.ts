import { once } from "node:events";
import { type AddressInfo, createServer, connect, type Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";

/** How the network behaves at the moment, for connections that exist and for those to come. */
type Weather =
  | { readonly kind: "clear" }
  /** Nothing passes in either direction, nothing is closed: as if a cable were pulled out. */
  | { readonly kind: "stalled" }
  /** Whatever passes is late by so much. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Nobody listens: whoever connects is turned away at once. */
  | { readonly kind: "cut" };

const CLEAR: Weather = { kind: "clear" };

/**
 * A real TCP connection to somewhere that a test can spoil: between gateway and Postgres, client and gateway. Begins
 * clear.
 */
export class TcpProxy {
  private weather: Weather = CLEAR;
  private readonly waiting = new Set<() => void>();
  private readonly links = new Set<readonly [Socket, Socket]>();
  // Half open: who has said all may still be answered.
  private readonly server = createServer({ allowHalfOpen: true }, (socket) => this.accept(socket));
  /** How many connections were ever accepted. */
  accepted = 0;

  private constructor(private target: { readonly host: string; readonly port: number }) {}

  static async before(host: string, port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy({ host, port });
    proxy.server.listen(0, "127.0.0.1");
    await once(proxy.server, "listening");
    return proxy;
  }

  /** The same address, but through a new proxy. */
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

  /** New connections lead to another port from now on. */
  lead(port: number): void {
    this.target = { ...this.target, port };
  }

  /** How many connections there are now. */
  get open(): number {
    return this.links.size;
  }

  /** From now on nothing passes, in neither direction, and nobody is told. New connections are accepted, and stall too. */
  stall(): void {
    this.become({ kind: "stalled" });
  }

  delay(delayMs: number): void {
    this.become({ kind: "slow", delayMs });
  }

  /** Resets all connections; new ones are reset at once, until `resume`. */
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

  /** All is well again. What was held up passes now. */
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

  /** One direction. Holds each piece until the weather lets it through; the sender's own buffers fill up behind it. */
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

  /** Until the weather changes, or so much time has passed. */
  private change(timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.add(resolve);
      if (timeoutMs !== undefined) setTimeout(resolve, timeoutMs).unref();
    });
  }
}

const ignore = (): void => undefined;
