import { clockTime } from "./times.js";

/** The machine-readable details of a refusal; docs/errors.md has the list. */
interface Details {
  readonly action?: string;
  readonly lock?: { readonly until: string | null };
}

/** A refusal of the gateway, with its reason. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly details: Details,
  ) {
    super(message);
  }
}

export interface GraphQLFault {
  readonly message: string;
  readonly extensions?: Details & { readonly code?: string };
}

export const toRefusal = ({ message, extensions = {} }: GraphQLFault): Refusal =>
  new Refusal(message, extensions.code ?? "", extensions);

/** The gateway's message, with the details that a reader needs. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Refusal)) {
    return "The gateway does not respond, so the result is unknown. Try again.";
  }
  const { code, message, details } = error;
  switch (code) {
    case "STATUS_LOCKED":
      return `${message}. The lock holds until ${details.lock?.until ? clockTime(details.lock.until) : "it is released"}.`;
    case "FORBIDDEN":
      return `This key lacks the permission for ${details.action ?? "it"}.`;
    case "NOT_AVAILABLE":
      return `Cannot be reserved now. ${message}.`;
    case "UNAUTHENTICATED":
      return "The key has expired or was revoked. Enter another one above.";
    default:
      return `${message}.`;
  }
}
