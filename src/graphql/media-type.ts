import Negotiator from "negotiator";

const JSON_TYPE = "application/json";
const RESPONSE_TYPE = "application/graphql-response+json";

/** How a client wants its answer. */
export interface GraphQLMediaType {
  readonly contentType: string;
  /** Whether a request error is to be told by the body alone: who asks for plain JSON by name reads no other status than 200. */
  readonly hidesStatus: boolean;
}

const plain: GraphQLMediaType = { contentType: `${JSON_TYPE}; charset=utf-8`, hidesStatus: false };
const hiding: GraphQLMediaType = { ...plain, hidesStatus: true };
const response: GraphQLMediaType = {
  contentType: `${RESPONSE_TYPE}; charset=utf-8`,
  hidesStatus: false,
};

/** @returns null when the client accepts nothing that GraphQL is answered in */
export function mediaTypeFor(accept: string | undefined): GraphQLMediaType | null {
  if (accept === undefined || accept === "*/*") return plain;
  const chosen = new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, RESPONSE_TYPE]);
  if (chosen === RESPONSE_TYPE) return response;
  if (chosen !== JSON_TYPE) return null;
  return accept.toLowerCase().includes(JSON_TYPE) ? hiding : plain;
}
