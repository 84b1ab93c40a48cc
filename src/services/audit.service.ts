import { z } from "zod";
import type { Actor } from "../domain/actor.js";
import { doors } from "../domain/vocabulary.js";
import { AuditRecord } from "../entities/audit-record.entity.js";
import {
  fetchPage,
  type KeysetOrder,
  type Page,
  type PageRequest,
} from "../persistence/keyset-page.js";
import { Parameters } from "../persistence/parameters.js";
import type { Reader } from "../persistence/reader.js";
import { authorize } from "./authorize.js";
import { parseInput } from "./parse-input.js";
import { searchInput } from "./user-conditions.js";

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

const newestFirst: KeysetOrder = {
  name: "audit",
  keys: [{ sql: "r.id", type: "bigint" }],
  descending: true,
};

/** What was changed, by whom. Only read here: each record is written by the change itself. */
export class AuditService {
  constructor(private readonly reader: Reader) {}

  /** @throws BAD_USER_INPUT, FORBIDDEN without ADMIN */
  list(
    actor: Actor,
    request: PageRequest & { filter?: AuditFilter | null },
  ): Promise<Page<AuditRecord>> {
    authorize(actor, "auditRecords");
    const { filter } = parseInput(listInput, request);
    const parameters = new Parameters();
    return fetchPage(
      this.reader,
      {
        entity: AuditRecord,
        alias: "r",
        from: "audit_records r",
        conditions: filter ? conditionsOf(filter, parameters) : [],
        order: newestFirst,
      },
      parameters,
      request,
    );
  }
}

function conditionsOf(filter: z.output<typeof auditFilter>, parameters: Parameters): string[] {
  const { since, until, ...equal } = filter;
  const columns: Record<keyof typeof equal, string> = {
    action: "r.action",
    actor: "r.actor",
    door: "r.door",
    targetType: "r.target_type",
    targetId: "r.target_id",
  };
  const conditions = Object.entries(equal)
    .filter(([, value]) => value)
    .map(([key, value]) => `${columns[key as keyof typeof equal]} = ${parameters.add(value)}`);
  if (since) conditions.push(`r.recorded_at >= ${parameters.add(since)}`);
  if (until) conditions.push(`r.recorded_at < ${parameters.add(until)}`);
  return conditions;
}
