import { z } from "zod";
import type { Actor } from "../domain/actor.js";
import type { Operation } from "../domain/permission-table.js";
import type { Availability } from "../domain/vocabulary.js";
import { Agent, Manager } from "../entities/agent.entity.js";
import { Presence } from "../entities/presence.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { User } from "../entities/user.entity.js";
import { notFound } from "../errors/domain-error.js";
import { Parameters } from "../persistence/parameters.js";
import type { Reader } from "../persistence/reader.js";
import { authorize } from "./authorize.js";
import { parseInput } from "./parse-input.js";
import { getPerson, type PersonRef, personRef } from "./person-ref.js";
import { asOfReading, READ_AT } from "./presence-list.js";
import { type UserFilter, userConditions, userFilter } from "./user-list.js";

/** A person with all that the old systems tell of one, read in one statement. */
export interface Person {
  readonly user: User;
  readonly presence: Presence;
  readonly settings: UserSettings;
  /** Null without the role. */
  readonly agent: Agent | null;
  readonly isManager: boolean;
  readonly groupIds: readonly number[];
}

/** What a list of people can be ordered by; ties go by id. */
export const peopleOrders = {
  username: ["lower(u.username)"],
  name: ["lower(coalesce(u.firstname, ''))", "lower(coalesce(u.lastname, ''))"],
  email: ["lower(u.email)"],
  jtelUid: ["lower(u.jtel_uid)"],
  lastSeen: ["p.last_seen_at"],
  createdAt: ["u.created_at"],
} as const;
export type PeopleOrder = keyof typeof peopleOrders;

export interface PeopleQuery {
  readonly filter?: UserFilter;
  readonly online?: boolean;
  /** Only people who gave a sign of life within so many hours. */
  readonly seenWithinHours?: number;
  readonly availability?: Availability;
  /** A part of jtel's UID, in any case of letters. */
  readonly jtelUid?: string;
  readonly excludeRocketChatId?: string;
  readonly orderBy: PeopleOrder;
  readonly descending?: boolean;
}

export interface Slice {
  readonly people: readonly Person[];
  /** How many there are in all. */
  readonly total: number;
}

const slicing = z.object({
  offset: z.int().min(0).max(10_000_000),
  limit: z.int().min(0).max(1000),
});

const FROM = `users u
  JOIN presences p ON p.user_id = u.id
  JOIN user_settings s ON s.user_id = u.id
  LEFT JOIN agents a ON a.user_id = u.id
  LEFT JOIN managers m ON m.user_id = u.id`;

/**
 * People as the old systems list them: whole records, by offset, or all at once in a stream. GraphQL
 * asks for single fields and pages by cursor instead.
 */
export class PeopleService {
  constructor(private readonly reader: Reader) {}

  /** @throws NOT_FOUND; FORBIDDEN without the operation's permission */
  async get(actor: Actor, operation: Operation, ref: PersonRef): Promise<Person> {
    const user = await getPerson(this.reader, actor, operation, parseInput(personRef, ref));
    const [row] = await this.reader.query(`${this.select()} WHERE u.id = $1`, [user.id]);
    if (!row) throw notFound("User", user.username);
    return this.toPerson(row);
  }

  /** @throws BAD_USER_INPUT; FORBIDDEN without the operation's permission */
  async slice(
    actor: Actor,
    operation: Operation,
    query: PeopleQuery,
    paging: { readonly offset: number; readonly limit: number },
  ): Promise<Slice> {
    authorize(actor, operation);
    const { offset, limit } = parseInput(slicing, paging);
    const parameters = new Parameters();
    const where = whereOf(query, parameters);
    const counting = this.reader.query<{ total: string }>(
      `SELECT count(*) AS total FROM users u JOIN presences p ON p.user_id = u.id LEFT JOIN agents a ON a.user_id = u.id ${where}`,
      [...parameters.values],
    );
    const rows = this.reader.query(
      `${this.select()} ${where} ${orderOf(query)} LIMIT ${parameters.add(limit)} OFFSET ${parameters.add(offset)}`,
      parameters.values,
    );
    const [[counted], people] = await Promise.all([counting, rows]);
    return { people: people.map((row) => this.toPerson(row)), total: Number(counted?.total) };
  }

  /**
   * Everybody who fits, a batch at a time, as they were at one moment.
   *
   * @throws at once, not with the first batch: FORBIDDEN without the operation's permission
   */
  stream(
    actor: Actor,
    operation: Operation,
    query: PeopleQuery,
  ): AsyncGenerator<readonly Person[]> {
    authorize(actor, operation);
    const parameters = new Parameters();
    const sql = `${this.select()} ${whereOf(query, parameters)} ${orderOf(query)}`;
    return this.batches(sql, parameters.values);
  }

  private async *batches(
    sql: string,
    values: readonly unknown[],
  ): AsyncGenerator<readonly Person[]> {
    const snapshot = await this.reader.snapshot();
    try {
      for await (const rows of snapshot.stream(sql, values)) {
        yield rows.map((row) => this.toPerson(row));
      }
    } finally {
      await snapshot.close();
    }
  }

  private select(): string {
    const columns = [
      this.reader.table(User).joinedColumns("u"),
      this.reader.table(Presence).joinedColumns("p"),
      this.reader.table(UserSettings).joinedColumns("s"),
      this.reader.table(Agent).joinedColumns("a"),
      this.reader.table(Manager).joinedColumns("m"),
      `ARRAY(SELECT gm.group_id FROM group_members gm WHERE gm.user_id = u.id ORDER BY gm.group_id) AS "groupIds"`,
      READ_AT,
    ];
    return `SELECT ${columns.join(", ")} FROM ${FROM}`;
  }

  private toPerson(raw: object): Person {
    const { groupIds, readAt } = raw as { groupIds: number[]; readAt: Date };
    const { reader } = this;
    const presence = reader.table(Presence).toJoinedRow(raw, "p") as Presence;
    return {
      user: reader.table(User).toJoinedRow(raw, "u") as User,
      presence: asOfReading(Object.assign(presence, { readAt })),
      settings: reader.table(UserSettings).toJoinedRow(raw, "s") as UserSettings,
      agent: reader.table(Agent).toJoinedRow(raw, "a"),
      isManager: reader.table(Manager).toJoinedRow(raw, "m") !== null,
      groupIds,
    };
  }
}

function whereOf(query: PeopleQuery, parameters: Parameters): string {
  const { filter, online, seenWithinHours, availability, jtelUid, excludeRocketChatId } = query;
  const conditions = filter ? userConditions(parseInput(userFilter, filter), parameters) : [];
  if (online !== undefined) {
    conditions.push(
      online ? "p.lease_until > now()" : "(p.lease_until IS NULL OR p.lease_until <= now())",
    );
  }
  if (seenWithinHours !== undefined) {
    const hours = parameters.add(seenWithinHours);
    conditions.push(`p.last_seen_at > now() - make_interval(hours => ${hours})`);
  }
  if (availability) conditions.push(`a.availability = ${parameters.add(availability)}`);
  if (jtelUid) {
    const pattern = `%${jtelUid.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
    conditions.push(`lower(u.jtel_uid) LIKE ${parameters.add(pattern)}`);
  }
  if (excludeRocketChatId) {
    conditions.push(`u.rocket_chat_id <> ${parameters.add(excludeRocketChatId)}`);
  }
  return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}

function orderOf({ orderBy, descending }: PeopleQuery): string {
  const direction = descending ? "DESC" : "ASC";
  const keys = [...peopleOrders[orderBy], "u.id"];
  return `ORDER BY ${keys.map((key) => `${key} ${direction}`).join(", ")}`;
}
