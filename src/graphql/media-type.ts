import Negotiator from "negotiator";

const JSON_TYPE = "application/json";
const RESPONSE_TYPE = "application/graphql-response+json";

/** How a client accepts its response. */
export interface GraphQLMediaType {
  readonly contentType: string;
  /** A client that asks for plain JSON by name reads errors from the body of a 200 (GraphQL over HTTP, section 6.4.1). */
  readonly hidesStatus: boolean;
}

const plain: GraphQLMediaType = { contentType: `${JSON_TYPE}; charset=utf-8`, hidesStatus: false };
const hiding: GraphQLMediaType = { ...plain, hidesStatus: true };
const response: GraphQLMediaType = {
  contentType: `${RESPONSE_TYPE}; charset=utf-8`,
  hidesStatus: false,
};

/** The types in which a GraphQL response exists. */
export const availableTypes: readonly string[] = [JSON_TYPE, RESPONSE_TYPE];

/** @returns null when the client accepts none of the available types */
export function mediaTypeFor(accept: string | undefined): GraphQLMediaType | null {
  if (accept === undefined || accept === "*/*") return plain;
  const chosen = new Negotiator({ headers: { accept } }).mediaType([...availableTypes]);
  if (chosen === RESPONSE_TYPE) return response;
  if (chosen !== JSON_TYPE) return null;
  return accept.toLowerCase().includes(JSON_TYPE) ? hiding : plain;
}

/** The status of a document that was read, as the media type shows it. */
export const statusFor = (
  { hidesStatus }: Pick<GraphQLMediaType, "hidesStatus">,
  status: number,
): number => (hidesStatus && status < 500 ? 200 : status);
