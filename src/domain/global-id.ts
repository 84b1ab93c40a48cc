import { MAX_INT32 } from "./integer.js";

/** The types of object that `node(id:)` can refetch. */
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

/** A session has a global id, but `node(id:)` does not fetch it. */
type GlobalIdType = NodeType | "LoginSession";

/**
 * An opaque, globally unique id: the type and the row's key, in base64url. For letters, digits and a colon that is
 * base64 without the padding, and `btoa` takes a third of the time of a Buffer.
 */
export const toGlobalId = (type: GlobalIdType, key: number | string): string =>
  btoa(`${type}:${key}`).replace(/=+$/, "");

/** @returns null for a text that `toGlobalId` cannot return; keys are positive 63-bit integers */
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

/** @returns the key of a global id of this type, for tables with a 32-bit key; null for any other id */
export function integerKeyOf(type: GlobalIdType, id: string): number | null {
  const key = keyOf(type, id);
  return key !== null && Number(key) <= MAX_INT32 ? Number(key) : null;
}
