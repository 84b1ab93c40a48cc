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

/** An opaque, globally unique id: the type and the row's key, in base64url. */
export const toGlobalId = (type: GlobalIdType, key: number | string): string =>
  Buffer.from(`${type}:${key}`).toString("base64url");

/** Yields null for anything that `toGlobalId` cannot have made. Keys are positive 63-bit integers. */
export function fromGlobalId(id: string): { type: NodeType; key: string } | null {
  const [, type, key] =
    /^([A-Za-z]{1,20}):([1-9][0-9]{0,17})$/.exec(Buffer.from(id, "base64url").toString()) ?? [];
  const nodeType = nodeTypes.find((known) => known === type);
  if (nodeType === undefined || key === undefined || toGlobalId(nodeType, key) !== id) return null;
  return { type: nodeType, key };
}

const MAX_INTEGER = 2_147_483_647;

/** The key in a global id of this type, for tables that count in 32 bits; null for any other id. */
export function integerKeyOf(type: NodeType, id: string): number | null {
  const parsed = fromGlobalId(id);
  const key = Number(parsed?.key);
  return parsed?.type === type && key <= MAX_INTEGER ? key : null;
}
