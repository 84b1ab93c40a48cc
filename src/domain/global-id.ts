/** The kinds of object that `node(id:)` can refetch. */
export const nodeTypes = [
  "User",
  "Agent",
  "Presence",
  "Reservation",
  "Group",
  "Campaign",
  "View",
  "ApiKey",
] as const;
export type NodeType = (typeof nodeTypes)[number];

/** A session has an id, too, though nobody refetches one by it. */
type GlobalIdType = NodeType | "LoginSession";

/**
 * An opaque, globally unique id: the type and the row's key, in base64url. That is base64 without what it ends in: of the
 * 64 signs, letters, digits and a colon make none of the two that differ. By way of a buffer it takes three times as long.
 */
export const toGlobalId = (type: GlobalIdType, key: number | string): string =>
  btoa(`${type}:${key}`).replace(/=+$/, "");

/** Yields null for anything that `toGlobalId` cannot have made. Keys are positive 63-bit integers. */
export function fromGlobalId(id: string): { type: NodeType; key: string } | null {
  for (const type of nodeTypes) {
    const key = keyOf(type, id);
    if (key !== null) return { type, key };
  }
  return null;
}

function keyOf(type: GlobalIdType, id: string): string | null {
  const [, named, key] =
    /^([A-Za-z]{1,20}):([1-9][0-9]{0,17})$/.exec(Buffer.from(id, "base64url").toString()) ?? [];
  if (named !== type || key === undefined || toGlobalId(type, key) !== id) return null;
  return key;
}

const MAX_INTEGER = 2_147_483_647;

/** The key in a global id of this type, for tables that count in 32 bits; null for any other id. */
export function integerKeyOf(type: GlobalIdType, id: string): number | null {
  const key = keyOf(type, id);
  return key !== null && Number(key) <= MAX_INTEGER ? Number(key) : null;
}
