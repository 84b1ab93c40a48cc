import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { doors } from "../../domain/vocabulary.js";
import { AuditRecord } from "../../entities/audit-record.entity.js";
import { exists, type AliasedTable } from "../../database/pagination/condition.js";
import {
  fetchPage,
  type KeysetOrder,
  type Page,
  type PageRequest,
} from "../../database/pagination/keyset-page.js";
import { Parameters } from "../../database/pagination/parameters.js";
import type { Reader } from "../../database/reader.js";
import { authorize } from "../authorize.js";
import { parseInput } from "../parse-input.js";
import { searchInput } from "../users/user-conditions.js";

const auditFilter = z.object({
  action: searchInput.nullish(),
  actor: searchInput.nullish(),
  door: z.enum(doors).nullish(),
  targetType: searchInput.nullish(),
  targetId: searchInput.nullish(),
  since: z.date().nullish(),
  until: z.date().nullish(),
});
export type AuditFilter = z.input<typeof auditFilter>;

const listInput = z.object({ filter: auditFilter.nullish() });

const records: AliasedTable = { table: "audit_records", alias: "r", id: "id" };

const newestFirst: KeysetOrder = {
  name: "audit",
  keys: [
    { sql: "r.recorded_at", type: "timestamptz" },
    { sql: "r.id", type: "bigint" },
  ],
  descending: true,
};

/** Each column has an index followed by the order; most selective first. */
const columns = {
  targetId: "r.target_id",
  actor: "r.actor",
  action: "r.action",
  targetType: "r.target_type",
  door: "r.door",
} as const;

/** Reads the audit. Records are written by the transactions of the changes. */
export class AuditService {
  constructor(private readonly reader: Reader) {}

  /** @throws BAD_USER_INPUT, FORBIDDEN without ADMIN */
  list(
    actor: Actor,
    request: PageRequest & { filter?: AuditFilter | null },
  ): Promise<Page<AuditRecord>> {
    authorize(actor, "auditRecords");
    const { filter } = parseInput(actor, listInput, request);
    const parameters = new Parameters(true);
    return fetchPage(
      this.reader,
      {
        entity: AuditRecord,
        rows: records,
        ...selectionOf(filter ?? {}, parameters),
        order: newestFirst,
      },
      parameters,
      request,
    );
  }
}

function selectionOf(filter: z.output<typeof auditFilter>, parameters: Parameters) {
  const { since, until } = filter;
  const equal = (Object.keys(columns) as (keyof typeof columns)[])
    .filter((key) => filter[key])
    .map((key) => `${columns[key]} = ${parameters.add(filter[key], "text")}`);
  const indexConditions = equal.slice(0, 1);
  if (since) indexConditions.push(`r.recorded_at >= ${parameters.add(since, "timestamptz")}`);
  if (until) indexConditions.push(`r.recorded_at < ${parameters.add(until, "timestamptz")}`);
  // One column is answered by its index. Of several, any may be the most selective one.
  const order = newestFirst.keys.map(({ sql }) => sql).join();
  const conditions =
    equal.length < 2 ? [] : equal.map((sql) => exists(records, sql, records, order));
  return { indexConditions, conditions };
}
