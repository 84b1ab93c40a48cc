import { WebSocket } from "ws";
import { ADMIN_KEY } from "./bench-server.js";

/** A command to the fleet, which is a separate process. */
export type FleetOrder =
  | { readonly do: "open"; readonly url: string; readonly count: number }
  | { readonly do: "subscribe"; readonly after: string | null }
  | { readonly do: "awaitEvent" }
  | { readonly do: "expect"; readonly causes: readonly string[] }
  | { readonly do: "cut" };

export interface FleetReport {
  /** Time of each event by the machine's clock, in milliseconds: per socket, in the order of the causes. */
  readonly receivedAt: readonly number[];
  readonly cursor: string | null;
  readonly lost: number;
  readonly duplicates: number;
}

const SUBSCRIPTION = `subscription ($after: Cursor) {
  presenceChanged(after: $after) { cursor cause presence { status { name } } }
}`;

/** Concurrent connects; a listen queue has a few hundred places. */
const CONNECTING_MAX = 200;

export const machineNow = (): number => performance.timeOrigin + performance.now();

interface Member {
  socket: WebSocket;
  readonly received: Map<string, number>;
  duplicates: number;
}

/** Thousands of subscribers that record the time of each event. */
export class LiveFleet {
  private members: Member[] = [];
  private url = "";
  private cursor: string | null = null;
  private expected: ReadonlySet<string> = new Set();
  private missing = 0;
  private onComplete: () => void = () => undefined;
  private silent = new Set<Member>();
  private onFirstEvents: () => void = () => undefined;

  async open(url: string, count: number): Promise<void> {
    this.url = url;
    this.members = [];
    await withConcurrency(count, CONNECTING_MAX, async () => {
      this.members.push({ socket: await this.connect(), received: new Map(), duplicates: 0 });
    });
  }

  async subscribe(after: string | null): Promise<void> {
    const isOpen = ({ socket }: Member) => socket.readyState === WebSocket.OPEN;
    await withConcurrency(this.members.length, CONNECTING_MAX, async (i) => {
      const member = this.members[i] as Member;
      if (!isOpen(member)) member.socket = await this.connect();
      const { socket } = member;
      socket.removeAllListeners("message");
      socket.on("message", (data: Buffer) => this.note(member, data.toString()));
      const payload = { query: SUBSCRIPTION, variables: { after } };
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
    });
  }

  /** Resolves when every subscriber has received an event, the only sign that a subscription has started. */
  awaitEvent(): Promise<void> {
    this.silent = new Set(this.members);
    return new Promise((resolve) => {
      this.onFirstEvents = resolve;
    });
  }

  /** Resolves when every subscriber has received an event of each cause. */
  expect(causes: readonly string[]): Promise<FleetReport> {
    this.expected = new Set(causes);
    for (const member of this.members) {
      member.received.clear();
      member.duplicates = 0;
    }
    this.missing = this.members.length * causes.length;
    return new Promise((resolve) => {
      this.onComplete = () => resolve(this.report());
    });
  }

  report(): FleetReport {
    const causes = [...this.expected];
    const receivedAt = this.members.flatMap(({ received }) =>
      causes.map((cause) => received.get(cause) ?? NaN),
    );
    const duplicates = this.members.reduce((sum, member) => sum + member.duplicates, 0);
    return { receivedAt, cursor: this.cursor, lost: this.missing, duplicates };
  }

  cut(): void {
    for (const { socket } of this.members) socket.terminate();
  }

  private note(member: Member, text: string): void {
    const { type, payload } = JSON.parse(text) as { type: string; payload?: unknown };
    if (type !== "next") throw new Error(`received ${text}`);
    const { presenceChanged } = (payload as { data: { presenceChanged: PresenceEvent } }).data;
    const { cause, cursor } = presenceChanged;
    this.cursor = cursor;
    if (this.silent.delete(member) && this.silent.size === 0) this.onFirstEvents();
    if (!this.expected.has(cause)) return;
    if (member.received.has(cause)) member.duplicates += 1;
    else {
      member.received.set(cause, machineNow());
      this.missing -= 1;
      if (this.missing === 0) this.onComplete();
    }
  }

  private connect(): Promise<WebSocket> {
    return new Promise((resolve, reject) => {
      const options = { perMessageDeflate: false };
      const address = `${this.url.replace("http", "ws")}/graphql`;
      const socket = new WebSocket(address, "graphql-transport-ws", options);
      socket.once("error", reject);
      socket.once("open", () => {
        const payload = { authorization: `Bearer ${ADMIN_KEY}` };
        socket.send(JSON.stringify({ type: "connection_init", payload }));
      });
      socket.once("message", () => {
        socket.off("error", reject);
        socket.on("error", () => undefined);
        resolve(socket);
      });
    });
  }
}

interface PresenceEvent {
  readonly cursor: string;
  readonly cause: string;
}

async function withConcurrency(
  count: number,
  max: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: max }, worker));
}

// As a process: executes the commands of its parent, and reports each.
if (process.send) {
  const fleet = new LiveFleet();
  process.on("message", ({ id, order }: { id: number; order: FleetOrder }) => {
    void execute(fleet, order).then((report) => process.send?.({ id, report }));
  });
}

async function execute(fleet: LiveFleet, order: FleetOrder): Promise<FleetReport | undefined> {
  switch (order.do) {
    case "open":
      await fleet.open(order.url, order.count);
      return undefined;
    case "subscribe":
      await fleet.subscribe(order.after);
      return undefined;
    case "awaitEvent":
      await fleet.awaitEvent();
      return undefined;
    case "expect":
      return fleet.expect(order.causes);
    case "cut":
      fleet.cut();
      return undefined;
  }
}
