import { clockTime } from "./times.js";

/** What a refusal tells programs beside its code; docs/errors.md has the list. */
interface Details {
  readonly action?: string;
  readonly lock?: { readonly until: string | null };
}

/** What the gateway said no to, and why. */
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

/** For people: the gateway's own words, and what they need to know beside them. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Refusal)) {
    return "The gateway does not answer. Nothing is known of what was asked; try again.";
  }
  const { code, message, details } = error;
  switch (code) {
    case "STATUS_LOCKED":
      return `${message}. The lock holds until ${details.lock?.until ? clockTime(details.lock.until) : "somebody releases it"}.`;
    case "FORBIDDEN":
      return `This key may not do that. It lacks the permission for ${details.action ?? "it"}.`;
    case "NOT_AVAILABLE":
      return `Cannot be reserved now. ${message}.`;
    case "UNAUTHENTICATED":
      return "The key has expired or was revoked. Put in another one above.";
    default:
      return `${message}.`;
  }
}
