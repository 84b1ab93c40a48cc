import { toError } from "graphql/jsutils/toError.js";

export { toError };

export const isPromiseLike = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as { then?: unknown }).then === "function";

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.iterator in value;

/**
 * Lists as arrays of settled items: a resolver may return any iterable, of promises too. A failure becomes an Error in the place of the
 * list or item.
 *
 * @param depth how many lists are nested
 */
export function settle(value: unknown, depth: number): unknown {
  if (depth === 0 || value instanceof Error || !isIterable(value)) return value;
  let list: readonly unknown[];
  try {
    list = Array.isArray(value) ? value : Array.from(value);
  } catch (error) {
    return toError(error);
  }
  if (depth === 1 && !list.some(isPromiseLike)) return list;
  const items = list.map((item) =>
    isPromiseLike(item)
      ? item.then((one) => settle(one, depth - 1), toError)
      : settle(item, depth - 1),
  );
  return items.some(isPromiseLike) ? Promise.all(items) : items;
}

/** The same for the values of a field of several objects. */
export function settleAll(
  values: readonly unknown[],
  depth: number,
): readonly unknown[] | Promise<readonly unknown[]> {
  if (depth === 0) return values;
  const lists = values.map((value) => settle(value, depth));
  return lists.some(isPromiseLike) ? Promise.all(lists) : lists;
}
