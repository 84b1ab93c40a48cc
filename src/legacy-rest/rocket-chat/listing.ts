import type { Operation } from "../../domain/permission-table.js";
import type {
  LegacyListQuery,
  FullUser,
} from "../../services/users/legacy-list/legacy-list.service.js";
import type { HttpReply, LegacyContext } from "../dialect.js";
import { jsonObjectStream } from "../json-stream.js";
import type { Paging } from "./readers.js";

type ToRecord = (person: FullUser) => object;

/** The envelope of every list; `count` is the length of this page. */
export async function listPeople(
  { services, actor }: LegacyContext,
  operation: Operation,
  query: LegacyListQuery,
  { offset, count: limit }: Paging,
  toRecord: ToRecord,
): Promise<HttpReply> {
  if (limit > 0) {
    const { people, total } = await services.people.slice(actor, operation, query, {
      offset,
      limit,
    });
    const users = people.map(toRecord);
    return { status: 200, body: { users, count: users.length, offset, total, success: true } };
  }
  const body = services.people.atOneMoment(actor, operation, async function* (people) {
    const total = await people.count(query);
    yield* jsonObjectStream([
      ["users", recordsFrom(people.everything(query), offset, toRecord)],
      ["count", Math.max(total - offset, 0)],
      ["offset", offset],
      ["total", total],
      ["success", true],
    ]);
  });
  return { status: 200, body };
}

/** All but the first `offset`. */
export async function* recordsFrom(
  batches: AsyncIterable<readonly FullUser[]>,
  offset: number,
  toRecord: ToRecord,
): AsyncGenerator<object[]> {
  let toSkip = offset;
  for await (const people of batches) {
    yield people.slice(toSkip).map(toRecord);
    toSkip = Math.max(toSkip - people.length, 0);
  }
}
