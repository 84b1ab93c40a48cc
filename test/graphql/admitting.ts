import { loadConfig } from "../../src/config/schema.js";
import { anonymous, system } from "../../src/domain/actor.js";
import { formatGraphQLError } from "../../src/graphql/errors.js";
import {
  OperationValidator,
  type OperationRequest,
  RequestRefusal,
} from "../../src/graphql/validation/operation-validator.js";
import { createSchema } from "../../src/resolvers/schema.js";

export const schema = createSchema();

export interface Verdict {
  readonly code: string;
  /** The cost of an admitted operation. */
  readonly cost?: number;
  /** The exceeded limit of a refused operation. */
  readonly bound?: unknown;
  readonly limit?: unknown;
  readonly messages?: readonly string[];
}

/** Admission of requests with these settings; `asked` says whether the caller is authenticated. */
export function admittingWith(environment: Record<string, string> = {}) {
  const validator = new OperationValidator(schema, loadConfig(environment));
  return (
    request: OperationRequest | string,
    asked: "signed in" | "anonymous" = "signed in",
  ): Verdict => {
    const actor =
      asked === "anonymous" ? anonymous({ door: "GRAPHQL", requestId: "r" }) : system("r");
    try {
      const { cost } = validator.validate(
        actor,
        typeof request === "string" ? { query: request } : request,
      );
      return { code: "OK", cost: cost.requested };
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error;
      const errors = error.errors.map((e) => formatGraphQLError(e.toJSON(), e));
      const { code, bound, limit } = errors[0]?.extensions ?? {};
      return { code: String(code), bound, limit, messages: errors.map(({ message }) => message) };
    }
  };
}
