import type { Operation } from "../../domain/permission-table.js";
import type { LegacyListQuery, FullUser } from "../../services/users/legacy-list/service.js";
import type { HttpReply, LegacyContext } from "../dialect.js";
import { jsonObjectStream } from "../json-stream.js";
import type { Paging } from "./readers.js";

type ToRecord = (user: FullUser) => object;

/** The envelope of every list; `count` is the length of this page. */
export async function listUsers(
  { services, actor }: LegacyContext,
  operation: Operation,
  query: LegacyListQuery,
  { offset, count: limit }: Paging,
  toRecord: ToRecord,
): Promise<HttpReply> {
  if (limit > 0) {
    const slice = { offset, limit };
    const { users, total } = await services.legacyLists.slice(actor, operation, query, slice);
    const body = { users: users.map(toRecord), count: users.length, offset, total, success: true };
    return { status: 200, body };
  }
  const body = services.legacyLists.inSnapshot(actor, operation, async function* (snapshot) {
    const total = await snapshot.count(query);
    yield* jsonObjectStream([
      ["users", recordsFrom(snapshot.streamFull(query), offset, toRecord)],
      ["count", Math.max(total - offset, 0)],
      ["offset", offset],
      ["total", total],
      ["success", true],
    ]);
  });
  return { status: 200, body };
}

/** All records except the first `offset`. */
export async function* recordsFrom(
  batches: AsyncIterable<readonly FullUser[]>,
  offset: number,
  toRecord: ToRecord,
): AsyncGenerator<object[]> {
  let remaining = offset;
  for await (const batch of batches) {
    yield batch.slice(remaining).map(toRecord);
    remaining = Math.max(remaining - batch.length, 0);
  }
}
