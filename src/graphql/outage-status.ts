import type { ApolloServerPlugin } from "@apollo/server";
import {
  type ExecutionResult,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from "graphql";
import type { Context } from "./context.js";
import type { ErrorCode } from "../errors/domain-error.js";

const CODE: ErrorCode = "SERVICE_UNAVAILABLE";

/**
 * Proxies and clients that know HTTP alone are told by its status that nothing came of a request and that it pays to
 * come again. Not where a part of it came off: to come again would do that part twice.
 */
export const outageStatus: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ response: { http, body }, operation }) => {
        if (body.kind !== "single") return Promise.resolve();
        const { data, errors } = body.singleResult;
        const { extensions } = errors?.find((error) => error.extensions?.["code"] === CODE) ?? {};
        if (extensions && isWithoutEffect(operation, data)) {
          http.status = 503;
          http.headers.set("retry-after", String(Number(extensions["retryAfterSeconds"])));
        }
        return Promise.resolve();
      },
    }),
};

function isWithoutEffect(
  operation: OperationDefinitionNode | undefined,
  data: ExecutionResult["data"],
): boolean {
  const cameOff = Object.values(data ?? {}).some((value) => value !== null);
  if (cameOff) return false;
  if (operation?.operation !== OperationTypeNode.MUTATION) return true;
  const [only, ...others] = operation.selectionSet.selections;
  return only?.kind === Kind.FIELD && others.length === 0;
}
