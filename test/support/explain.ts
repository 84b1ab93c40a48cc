import { Client } from "pg";
import type { Statement } from "./record-sql.js";

/** The cost of an executed statement. */
export interface Cost {
  /** Rows and index entries that were read, including those that were filtered out. */
  readonly visited: number;
  /** The number of 8 kB blocks that were read. */
  readonly blocks: number;
  /** The tables with a sequential scan. */
  readonly scanned: readonly string[];
  readonly milliseconds: number;
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly "Rows Removed by Join Filter"?: number;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

/** Postgres plans for the given values at first, and may switch to one generic plan later. */
export const planModes = ["force_custom_plan", "force_generic_plan"] as const;
export type PlanMode = (typeof planModes)[number];

/** Executes statements again on a connection of its own, measures their cost, and rolls them back. */
export class Explainer {
  private readonly client: Client;

  constructor(url: string) {
    this.client = new Client({ connectionString: url, options: "-c jit=off" });
  }

  async connect(): Promise<void> {
    await this.client.connect();
  }

  end(): Promise<void> {
    return this.client.end();
  }

  async explain({ text, values }: Statement, mode: PlanMode): Promise<Cost> {
    await this.client.query(`SET plan_cache_mode = ${mode}; BEGIN; PREPARE explained AS ${text}`);
    try {
      const list = values.map((value) => this.literal(value)).join(", ");
      const { rows } = await this.client.query<{ "QUERY PLAN": [ExplainedPlan] }>(
        `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE explained${list && `(${list})`}`,
      );
      const [explained] = rows[0]?.["QUERY PLAN"] ?? [];
      if (!explained) throw new Error("Postgres explained nothing");
      return costOf(explained);
    } finally {
      // A rollback does not drop prepared statements.
      await this.client.query(`ROLLBACK; DEALLOCATE ALL`);
    }
  }

  private literal(value: unknown): string {
    return value === null || value === undefined
      ? "NULL"
      : this.client.escapeLiteral(asText(value));
  }
}

/** A value in Postgres's text format. The statement determines its type. */
function asText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString("hex")}`;
  if (!Array.isArray(value)) return String(value);
  const items = value.map((item) => `"${asText(item).replace(/["\\]/g, "\\$&")}"`);
  return `{${items.join(",")}}`;
}

interface ExplainedPlan {
  readonly Plan: PlanNode;
  readonly "Execution Time": number;
}

function costOf({ Plan: top, "Execution Time": milliseconds }: ExplainedPlan): Cost {
  const nodes = [...nodesOf(top)];
  const visited = nodes.reduce((sum, node) => sum + visitedBy(node), 0);
  const scanned = nodes
    .filter((node) => node["Node Type"] === "Seq Scan" && node["Actual Loops"] > 0)
    .map((node) => node["Relation Name"] ?? "");
  const blocks = top["Shared Hit Blocks"] + top["Shared Read Blocks"];
  return { visited, blocks, scanned: [...new Set(scanned)], milliseconds };
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}

/** A lookup without a match counts as a visit. */
function visitedBy(node: PlanNode): number {
  const rejected = node["Rows Removed by Join Filter"] ?? 0;
  const found = /Scan/.test(node["Node Type"]) && /Index|Heap|Seq/.test(node["Node Type"]);
  const perLoop = found
    ? Math.max(
        1,
        node["Actual Rows"] +
          (node["Rows Removed by Filter"] ?? 0) +
          (node["Rows Removed by Index Recheck"] ?? 0),
      )
    : 0;
  return (perLoop + rejected) * node["Actual Loops"];
}
