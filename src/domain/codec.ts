/**
 * How values are stored as JSON. Stored names are written out, so that a renamed class or property
 * changes no stored text.
 */
export interface Codec<Value> {
  write(value: Value): unknown;
  read(stored: unknown): Value;
}

type Scalar = string | number | boolean | null | undefined;

interface StoredAs<Value> {
  readonly name: string;
  readonly codec: Codec<Value>;
}

/** The stored name of a property; with a codec for values that JSON cannot represent. */
type Field<Value> =
  ([Value] extends [Scalar | readonly Scalar[]] ? string : never) | StoredAs<NonNullable<Value>>;

/** Stored unchanged. */
export const json = <Value>(): Codec<Value> => ({
  write: (value) => value,
  read: (stored) => stored as Value,
});

export const nothing: Codec<void> = { write: () => null, read: () => undefined };

export const list = <Value>(codec: Codec<Value>): Codec<Value[]> => ({
  write: (values) => values.map((value) => codec.write(value)),
  read: (stored) => (stored as unknown[]).map((value) => codec.read(value)),
});

const dates: Codec<Date> = {
  write: (date) => date.getTime(),
  read: (stored) => new Date(stored as number),
};

export const as = <Value>(name: string, codec: Codec<Value>): StoredAs<Value> => ({ name, codec });

export const date = (name: string): StoredAs<Date> => as(name, dates);

/** A plain object; every property needs a stored name. */
export const object = <Value extends object>(fields: {
  readonly [Property in keyof Value]-?: Field<Value[Property]>;
}): Codec<Value> => codecOf(Object.prototype, fields);

/** An entity comes back with its class, which getters and GraphQL's type resolution rely on. */
export const entity = <Row extends object>(
  type: new () => Row,
  fields: { readonly [Property in keyof Row]?: Field<Row[Property]> },
): Codec<Row> => codecOf(type.prototype as object, fields);

function codecOf<Value extends object>(prototype: object, fields: object): Codec<Value> {
  const byProperty = new Map(
    Object.entries(fields).map(([property, field]: [string, string | StoredAs<unknown>]) => [
      property,
      typeof field === "string" ? as(field, json()) : field,
    ]),
  );
  return {
    write: (value) => {
      const stored: Record<string, unknown> = {};
      for (const [property, content] of Object.entries(value)) {
        if (content === undefined) continue;
        const field = byProperty.get(property);
        if (!field) throw new Error(`${value.constructor.name}.${property} has no stored name`);
        stored[field.name] = content === null ? null : field.codec.write(content);
      }
      return stored;
    },
    read: (stored) => {
      const value = Object.create(prototype) as Record<string, unknown>;
      for (const [property, { name, codec }] of byProperty) {
        const content = (stored as Record<string, unknown>)[name];
        if (content === undefined) continue;
        value[property] = content === null ? null : codec.read(content);
      }
      return value as Value;
    },
  };
}
