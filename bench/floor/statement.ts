/** The peers share these statements, but not the connections. */
export type Text = string | null;

export interface Statement {
  readonly name: string;
  readonly text: string;
  /** SQL types of the parameters. */
  readonly types: readonly string[];
  /** The statement for several requests: its parameters are arrays, and the last column is the request's number from 1. */
  readonly shared?: string;
}

export interface Connections {
  /** @returns the rows as lists of their columns */
  query<Row extends Text[]>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<readonly Row[]>;
}
