import { entities } from "../entities/index.js";

type EntityClass = (typeof entities)[number];

const TYPE = "$type";

/**
 * The outcome of a change as text. It must come back as what it was: resolvers and dialects read dates,
 * and the getters of entities.
 */
export const writeOutcome = (outcome: unknown): string => JSON.stringify({ is: tagged(outcome) });

export const readOutcome = (text: string): unknown =>
  untagged((JSON.parse(text) as { is?: unknown }).is);

function tagged(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return { [TYPE]: "Date", is: value.getTime() };
  if (Array.isArray(value)) return value.map(tagged);
  const properties = Object.fromEntries(
    Object.entries(value).map(([name, property]) => [name, tagged(property)]),
  );
  const type = entities.find((entity) => value.constructor === entity);
  if (type) return { [TYPE]: type.name, is: properties };
  // Silence would bring it back as something else.
  if (value.constructor !== Object) throw new Error(`no outcome: a ${value.constructor.name}`);
  return properties;
}

function untagged(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(untagged);
  const { [TYPE]: type, is } = value as { [TYPE]?: unknown; is?: unknown };
  if (type === "Date") return new Date(is as number);
  const properties = Object.fromEntries(
    Object.entries((type === undefined ? value : is) as object).map(([name, property]) => [
      name,
      untagged(property),
    ]),
  );
  if (type === undefined) return properties;
  return Object.assign(Object.create(entityNamed(type).prototype as object) as object, properties);
}

function entityNamed(name: unknown): EntityClass {
  const entity = entities.find((known) => known.name === name);
  if (!entity) throw new Error(`an outcome of an unknown type: ${String(name)}`);
  return entity;
}
