import { WebSocket } from "ws";
import { ADMIN_KEY } from "./bench-server.js";

/** What the fleet is told to do, and what it answers; it is a process of its own. */
export type FleetOrder =
  | { readonly do: "open"; readonly url: string; readonly count: number }
  | { readonly do: "subscribe"; readonly after: string | null }
  | { readonly do: "hear" }
  | { readonly do: "expect"; readonly causes: readonly string[] }
  | { readonly do: "cut" };

export interface FleetReport {
  /**
   * When each socket was told of each cause, by the clock of the machine, in milliseconds: for one socket
   * after the other, in the order in which the causes were given.
   */
  readonly toldAt: readonly number[];
  readonly cursor: string | null;
  readonly lost: number;
  readonly doubled: number;
}

const SUBSCRIPTION = `subscription ($after: Cursor) {
  presenceChanged(after: $after) { cursor cause presence { status { name } } }
}`;

/** How many connect at the same time: a listen queue holds no more than a few hundred. */
const OPENING_AT_ONCE = 200;

export const machineNow = (): number => performance.timeOrigin + performance.now();

interface Member {
  socket: WebSocket;
  readonly told: Map<string, number>;
  doubled: number;
}

/** Thousands of subscribers that do nothing but note what they are told, and when. */
export class LiveFleet {
  private members: Member[] = [];
  private url = "";
  private cursor: string | null = null;
  private expected: ReadonlySet<string> = new Set();
  private missing = 0;
  private onComplete: () => void = () => undefined;
  private silent = new Set<Member>();
  private onHeard: () => void = () => undefined;

  async open(url: string, count: number): Promise<void> {
    this.url = url;
    this.members = [];
    await inTurns(count, OPENING_AT_ONCE, async () => {
      this.members.push({ socket: await this.connect(), told: new Map(), doubled: 0 });
    });
  }

  async subscribe(after: string | null): Promise<void> {
    const isOpen = ({ socket }: Member) => socket.readyState === WebSocket.OPEN;
    await inTurns(this.members.length, OPENING_AT_ONCE, async (i) => {
      const member = this.members[i] as Member;
      if (!isOpen(member)) member.socket = await this.connect();
      const { socket } = member;
      socket.removeAllListeners("message");
      socket.on("message", (data: Buffer) => this.note(member, data.toString()));
      const payload = { query: SUBSCRIPTION, variables: { after } };
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
    });
  }

  /** Resolves when everybody was told of anything: nothing else says that a subscription has begun. */
  hear(): Promise<void> {
    this.silent = new Set(this.members);
    return new Promise((resolve) => {
      this.onHeard = resolve;
    });
  }

  /** Resolves when everybody was told of everything. */
  expect(causes: readonly string[]): Promise<FleetReport> {
    this.expected = new Set(causes);
    for (const member of this.members) {
      member.told.clear();
      member.doubled = 0;
    }
    this.missing = this.members.length * causes.length;
    return new Promise((resolve) => {
      this.onComplete = () => resolve(this.report());
    });
  }

  report(): FleetReport {
    const causes = [...this.expected];
    const toldAt = this.members.flatMap(({ told }) =>
      causes.map((cause) => told.get(cause) ?? NaN),
    );
    const doubled = this.members.reduce((sum, member) => sum + member.doubled, 0);
    return { toldAt, cursor: this.cursor, lost: this.missing, doubled };
  }

  cut(): void {
    for (const { socket } of this.members) socket.terminate();
  }

  private note(member: Member, text: string): void {
    const { type, payload } = JSON.parse(text) as { type: string; payload?: unknown };
    if (type !== "next") throw new Error(`told ${text}`);
    const { presenceChanged } = (payload as { data: { presenceChanged: Told } }).data;
    const { cause, cursor } = presenceChanged;
    this.cursor = cursor;
    if (this.silent.delete(member) && this.silent.size === 0) this.onHeard();
    if (!this.expected.has(cause)) return;
    if (member.told.has(cause)) member.doubled += 1;
    else {
      member.told.set(cause, machineNow());
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

interface Told {
  readonly cursor: string;
  readonly cause: string;
}

async function inTurns(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

// As a process: takes orders from its parent, and answers each when it is done.
if (process.send) {
  const fleet = new LiveFleet();
  process.on("message", ({ id, order }: { id: number; order: FleetOrder }) => {
    void obey(fleet, order).then((report) => process.send?.({ id, report }));
  });
}

async function obey(fleet: LiveFleet, order: FleetOrder): Promise<FleetReport | undefined> {
  switch (order.do) {
    case "open":
      await fleet.open(order.url, order.count);
      return undefined;
    case "subscribe":
      await fleet.subscribe(order.after);
      return undefined;
    case "hear":
      await fleet.hear();
      return undefined;
    case "expect":
      return fleet.expect(order.causes);
    case "cut":
      fleet.cut();
      return undefined;
  }
}
