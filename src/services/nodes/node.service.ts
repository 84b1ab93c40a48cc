import type { EntityTarget } from "typeorm";
import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { fromGlobalId, type NodeType } from "../../domain/global-id.js";
import { Agent } from "../../entities/agent.entity.js";
import { ApiKey } from "../../entities/api-key.entity.js";
import { Campaign } from "../../entities/campaign.entity.js";
import { Group } from "../../entities/group.entity.js";
import type { Node } from "../../entities/node.js";
import { Presence } from "../../entities/presence.entity.js";
import { Reservation } from "../../entities/reservation.entity.js";
import { User } from "../../entities/user.entity.js";
import { View } from "../../entities/view.entity.js";
import type { Operation } from "../../domain/permission-table.js";
import type { Reader } from "../../database/reader.js";
import { authorize, isAuthorized } from "../authorize.js";
import { parseInput } from "../parse-input.js";
import { READ_AT, TRANSACTION_TIME } from "../../database/sql-time.js";
import { asOfReading } from "../presence/presence-list.js";
import { columnsAsOf } from "../presence/presence-sql.js";
import { reservationAsOfReading } from "../reservations/reading.js";

interface NodeKind<Row extends Node> {
  readonly entity: EntityTarget<Row>;
  readonly table: string;
  readonly key: string;
  /** The operation that reads such an object elsewhere; its permission applies. */
  readonly operation: Operation;
  /** The id of the user that the object is about. */
  readonly about?: (row: Row) => number;
  readonly extra?: string;
  readonly prepare?: (row: Row) => Row;
}

const kind = <Row extends Node>(definition: NodeKind<Row>): NodeKind<Node> =>
  definition as unknown as NodeKind<Node>;

const kinds: Record<NodeType, NodeKind<Node>> = {
  User: kind<User>({
    entity: User,
    table: "users",
    key: "id",
    operation: "user",
    about: ({ id }) => id,
  }),
  Agent: kind<Agent>({
    entity: Agent,
    table: "agents",
    key: "user_id",
    operation: "agent",
    about: ({ userId }) => userId,
  }),
  Presence: kind<Presence>({
    entity: Presence,
    table: "presences",
    key: "user_id",
    operation: "user",
    about: ({ userId }) => userId,
    extra: `, ${columnsAsOf("n", TRANSACTION_TIME)}`,
    prepare: asOfReading,
  }),
  Reservation: kind<Reservation>({
    entity: Reservation,
    table: "reservations",
    key: "id",
    operation: "agent",
    about: ({ userId }) => userId,
    extra: `, ${READ_AT}`,
    prepare: reservationAsOfReading,
  }),
  Group: kind<Group>({ entity: Group, table: "groups", key: "id", operation: "groups" }),
  Campaign: kind<Campaign>({
    entity: Campaign,
    table: "campaigns",
    key: "id",
    operation: "campaigns",
  }),
  View: kind<View>({ entity: View, table: "views", key: "id", operation: "views" }),
  ApiKey: kind<ApiKey>({ entity: ApiKey, table: "api_keys", key: "id", operation: "apiKeys" }),
};

const idsInput = z.object({ ids: z.array(z.string()).max(100) });

/** Fetches objects by global id, with one statement per type. */
export class NodeService {
  constructor(private readonly reader: Reader) {}

  /** In the order of the ids; null for an unknown id and for an object that the actor may not read. */
  async find(
    actor: Actor,
    operation: "node" | "nodes",
    ids: readonly string[],
  ): Promise<(Node | null)[]> {
    authorize(actor, operation);
    const parsed = parseInput(actor, idsInput, { ids }).ids.map(fromGlobalId);
    const found = new Map<string, Node>();
    for (const type of new Set(parsed.flatMap((id) => (id ? [id.type] : [])))) {
      const keys = parsed.flatMap((id) => (id?.type === type ? [id.key] : []));
      for (const node of await this.fetch(actor, kinds[type], keys)) {
        found.set(node.globalId, node);
      }
    }
    return ids.map((id) => found.get(id) ?? null);
  }

  private async fetch(actor: Actor, kind: NodeKind<Node>, keys: string[]): Promise<Node[]> {
    const { entity, table, key, operation, about, extra = "", prepare } = kind;
    const columns = this.reader.table(entity).columns("n");
    const rows = await this.reader.rows(
      entity,
      `SELECT ${columns}${extra} FROM ${table} n WHERE n.${key} = ANY($1::bigint[])`,
      [keys],
    );
    const readable = rows.filter((row) => isAuthorized(actor, operation, about?.(row) ?? null));
    return prepare ? readable.map(prepare) : readable;
  }
}
