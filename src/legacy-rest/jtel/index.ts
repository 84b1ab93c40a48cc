import type { Dialect } from "../dialect.js";
import { jtelErrors, jtelFailure } from "./errors.js";
import { jtelRoutes } from "./routes.js";
import { jtelErrorBody } from "./schemas.js";

/** jtel's Master Data REST API, the part about users. */
export const jtel: Dialect = {
  name: "JTEL",
  title: "jtel",
  basePath: ({ jtel: { basePath } }) => basePath,
  contentType: "application/json",
  routes: jtelRoutes,
  credential: ({ headers }) => {
    const secret = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
    return secret === undefined ? undefined : { secret };
  },
  errors: jtelErrors,
  internalError: jtelFailure(500, "Internal server error"),
  openApi: {
    description: "jtel's Master Data REST API, the part about users.",
    errorBody: jtelErrorBody,
    securitySchemes: { jtelToken: { type: "http", scheme: "bearer" } },
  },
  // jtel's return codes distinguish an unknown endpoint from an unknown object by the missing body.
  unknownPath: { status: 404 },
  wrongMethod: (allowed) => ({
    ...jtelFailure(405, "Method not allowed"),
    headers: { allow: allowed.join(", ") },
  }),
};
