import { z } from "zod";
import type { Actor } from "../../../domain/actor.js";
import type { Operation } from "../../../domain/permission-table.js";
import { notFound } from "../../../errors/domain-error.js";
import { Parameters } from "../../../database/pagination/parameters.js";
import type { Reader } from "../../../database/reader.js";
import { authorize } from "../../authorize.js";
import { parseInput } from "../../parse-input.js";
import { getUser, type UserRef, userRef } from "../user-ref.js";
import { type FullUser, fullUserSelection, type FullUserParts } from "./full-user.js";
import { UserSnapshot } from "./snapshot.js";
import type { LegacyListQuery } from "./query.js";
import { countSql, type Slicing, sliceSql } from "./slice.js";

export type { LegacyListQuery } from "./query.js";
export type { FullUser, FullUserParts } from "./full-user.js";

export interface Slice {
  readonly people: readonly FullUser[];
  /** How many there are in all. */
  readonly total: number;
}

const slicing = z.object({
  offset: z.int().min(0).max(10_000_000),
  limit: z.int().min(0).max(1000),
});

/**
 * People as the old systems list them: whole records by offset, or everybody at once. GraphQL asks for
 * single fields and pages by cursor instead.
 */
export class LegacyListService {
  constructor(private readonly reader: Reader) {}

  /** @throws NOT_FOUND; FORBIDDEN without the operation's permission */
  async get(actor: Actor, operation: Operation, ref: UserRef): Promise<FullUser> {
    const user = await getUser(this.reader, actor, operation, parseInput(actor, userRef, ref));
    const { select, toPerson } = fullUserSelection(this.reader);
    const [row] = await this.reader.query(`${select} WHERE u.id = $1`, [user.id]);
    if (!row) throw notFound("User", user.username);
    return toPerson(row);
  }

  /**
   * @param wanted what of these people is going to be looked at; left out: everything
   * @throws BAD_USER_INPUT; FORBIDDEN without the operation's permission
   */
  async slice(
    actor: Actor,
    operation: Operation,
    query: LegacyListQuery,
    paging: Slicing,
    wanted?: FullUserParts,
  ): Promise<Slice> {
    authorize(actor, operation);
    const slice = parseInput(actor, slicing, paging);
    const [counted, listed] = [new Parameters(), new Parameters()];
    const counting = this.reader.query<{ total: string }>(countSql(query, counted), counted.values);
    const { select, toPerson } = fullUserSelection(this.reader, wanted);
    const sql = sliceSql(select, query, slice, listed);
    const rows = this.reader.query(sql, listed.values);
    const [[count], people] = await Promise.all([counting, rows]);
    return {
      people: people.map(toPerson),
      total: Number(count?.total),
    };
  }

  /**
   * For lists that may be longer than memory, and for answers that count before they list. Whoever reads
   * slowly keeps the moment open, so only so many can be: see `Reader.snapshot`.
   *
   * @param read makes the answer, piece by piece
   * @throws at once: FORBIDDEN without the operation's permission; with the first piece: RATE_LIMITED
   */
  atOneMoment<Piece>(
    actor: Actor,
    operation: Operation,
    read: (moment: UserSnapshot) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> {
    authorize(actor, operation);
    return UserSnapshot.read(this.reader, read);
  }
}
