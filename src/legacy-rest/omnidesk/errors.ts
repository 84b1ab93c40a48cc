import { fromGlobalId } from "../../domain/global-id.js";
import type { DomainError, FieldError } from "../../errors/domain-error.js";
import type { Dialect, HttpReply } from "../dialect.js";

export const omnideskFailure = (status: number, message: string): HttpReply => ({
  status,
  body: { status: "error", message },
});

const failure =
  (status: number) =>
  ({ message }: DomainError): HttpReply =>
    omnideskFailure(status, message);

/** Names of the services that differ from Omnidesk's. */
const wireNames: Readonly<Record<string, string>> = {
  user: "userID",
  username: "name",
  groupIds: "groups",
  statusId: "statusID",
  lastInternalCallId: "lastInternalCallID",
  requestedAt: "browserRequestTime",
  viewId: "viewID",
  tabId: "tabID",
  primaryOption: "statisticPrimaryOption",
  secondaryOption: "statisticSecondaryOption",
  ttlSeconds: "seconds",
};

/** The name of the parameter. Errors of the request schema have the part of the request as a prefix. */
function wireNameOf(path: string): string {
  const [name = path] = path.split(".");
  return /^(params|query|body)\.(\w+)/.exec(path)?.[2] ?? wireNames[name] ?? name;
}

function badInput({ message, details }: DomainError): HttpReply {
  const fields = (details.fields ?? []) as readonly FieldError[];
  const messages = fields.map((field) => `${wireNameOf(field.path)}: ${field.message}`);
  return omnideskFailure(400, messages.join("; ") || message);
}

/** Names what was not found by the number or name that the caller sent. */
function notFound({ message, details }: DomainError): HttpReply {
  const { entity, id } = details;
  if (typeof id !== "string" || id === "") return omnideskFailure(400, message);
  const global = entity === "Group" || entity === "View" ? fromGlobalId(id) : null;
  const text = entity === "UserStatistic" ? "Statistic not found" : message;
  return omnideskFailure(400, `${text}: ${global?.key ?? id}`);
}

/** Omnidesk publishes 400 for every invalid request; 401, 403, 429 and 503 are additions. */
export const omnideskErrors: Dialect["errors"] = {
  UNAUTHENTICATED: failure(401),
  FORBIDDEN: failure(403),
  BAD_USER_INPUT: badInput,
  NOT_FOUND: notFound,
  CONFLICT: failure(400),
  STATUS_LOCKED: failure(400),
  NOT_AVAILABLE: failure(400),
  RATE_LIMITED: failure(429),
  SERVICE_UNAVAILABLE: failure(503),
};
