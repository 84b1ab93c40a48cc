import { z } from "zod";
import type { Actor } from "../domain/actor.js";
import type { Operation } from "../domain/permission-table.js";
import { notFound } from "../errors/domain-error.js";
import { Parameters } from "../persistence/parameters.js";
import type { Reader } from "../persistence/reader.js";
import { authorize } from "./authorize.js";
import { parseInput } from "./parse-input.js";
import { getPerson, type PersonRef, personRef } from "./person-ref.js";
import { type Person, personSelection, type WantedOfPeople } from "./person.js";
import { PeopleMoment } from "./people-moment.js";
import type { PeopleQuery } from "./people-query.js";
import { countSql, type Slicing, sliceSql } from "./people-slice.js";

export type { PeopleQuery } from "./people-query.js";
export type { Person, WantedOfPeople } from "./person.js";

export interface Slice {
  readonly people: readonly Person[];
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
export class PeopleService {
  constructor(private readonly reader: Reader) {}

  /** @throws NOT_FOUND; FORBIDDEN without the operation's permission */
  async get(actor: Actor, operation: Operation, ref: PersonRef): Promise<Person> {
    const user = await getPerson(this.reader, actor, operation, parseInput(actor, personRef, ref));
    const { select, toPerson } = personSelection(this.reader);
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
    query: PeopleQuery,
    paging: Slicing,
    wanted?: WantedOfPeople,
  ): Promise<Slice> {
    authorize(actor, operation);
    const slice = parseInput(actor, slicing, paging);
    const [counted, listed] = [new Parameters(), new Parameters()];
    const counting = this.reader.query<{ total: string }>(countSql(query, counted), counted.values);
    const { select, toPerson } = personSelection(this.reader, wanted);
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
    read: (moment: PeopleMoment) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> {
    authorize(actor, operation);
    return PeopleMoment.read(this.reader, read);
  }
}
