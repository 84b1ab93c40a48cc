import type { Dialect } from "../dialect.js";
import { omnideskErrors, omnideskFailure } from "./errors.js";
import { withoutQuotes, withoutValueQuotes } from "./quotes.js";
import { omnideskRoutes } from "./routes.js";
import { omnideskErrorBody } from "./schemas.js";

/** Omnidesk's user controller. */
export const omnidesk: Dialect = {
  name: "OMNIDESK",
  title: "Omnidesk",
  basePath: ({ omnidesk: { basePath } }) => basePath,
  contentType: "application/json",
  routes: omnideskRoutes,
  credential: ({ headers, query }) => {
    const secret = [headers.apikey, query.apiKey].flat().find(Boolean);
    return secret === undefined ? undefined : { secret };
  },
  normalizeBody: withoutQuotes,
  normalizeField: withoutValueQuotes,
  errors: omnideskErrors,
  internalError: omnideskFailure(500, "Internal server error"),
  openApi: {
    description: "Omnidesk's user controller.",
    errorBody: omnideskErrorBody,
    securitySchemes: {
      omnideskKey: { type: "apiKey", in: "header", name: "apiKey" },
      omnideskKeyInQuery: { type: "apiKey", in: "query", name: "apiKey" },
    },
  },
  unknownPath: omnideskFailure(404, "This endpoint does not exist."),
  wrongMethod: (allowed) => ({
    ...omnideskFailure(405, "This method is not allowed here."),
    headers: { allow: allowed.join(", ") },
  }),
};
