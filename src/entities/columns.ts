import { Extensions } from "type-graphql";

/**
 * Declares the properties of its parent that a field's resolver or getter reads, so that they are fetched when the field is selected. A
 * plain property needs no declaration, nor does the primary key.
 */
export const Columns = <Entity>(...columns: (keyof Entity & string)[]) => Extensions({ columns });
