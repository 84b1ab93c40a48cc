import type { DataSource } from "typeorm";

/** Leaves out the objects of extensions, and TypeORM's table of executed migrations. */
const OURS = `n.nspname = 'public' AND c.relname NOT LIKE 'schema_migrations%'
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = c.oid AND i.indrelid::regclass::text = 'schema_migrations')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`;

const STATEMENTS = [
  `SELECT concat_ws(' ', c.relkind, c.relname, c.reloptions) FROM pg_class c
   JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS}`,
  `SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
     pg_get_expr(d.adbin, d.adrelid))
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE ${OURS} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`,
  `SELECT concat_ws(' ', c.relname, k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k
   JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS}`,
  `SELECT pg_get_indexdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ${OURS} AND c.relkind = 'i'`,
  `SELECT concat_ws(' ', 'function', p.proname) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname = 'public' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`,
];

/** Every table, column, sequence, constraint, index and function of the schema, a line for each. */
export async function describeSchema(dataSource: DataSource): Promise<string[]> {
  const lines: string[] = [];
  for (const statement of STATEMENTS) {
    const rows: object[] = await dataSource.query(statement);
    lines.push(...rows.map((row) => String(Object.values(row)[0])).sort());
  }
  return lines;
}

export interface Constraint {
  readonly table: string;
  readonly name: string;
  /** p: primary key, u: unique, c: check, f: foreign key, n: not null. */
  readonly type: "p" | "u" | "c" | "f" | "n";
  readonly columns: readonly string[];
  readonly definition: string;
}

export const readConstraints = (dataSource: DataSource): Promise<Constraint[]> =>
  dataSource.query(`
    SELECT c.relname AS table, k.conname AS name, k.contype AS type, pg_get_constraintdef(k.oid) AS definition,
           ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS key(number, place)
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = key.number ORDER BY place) AS columns
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${OURS} ORDER BY 1, 2`);

export interface Index {
  readonly table: string;
  readonly name: string;
  readonly isUnique: boolean;
  /** Null for an index of all rows. */
  readonly predicate: string | null;
}

/** The indexes that do not implement a constraint. */
export const readIndexes = (dataSource: DataSource): Promise<Index[]> =>
  dataSource.query(`
    SELECT t.relname AS table, c.relname AS name, i.indisunique AS "isUnique", pg_get_expr(i.indpred, i.indrelid) AS predicate
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${OURS} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
    ORDER BY 1, 2`);
