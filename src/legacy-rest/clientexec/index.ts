import type { Dialect } from "../dialect.js";
import { clientexecCredential, keyHeaders, keyParameters } from "./credential.js";
import { clientexecEnvelope, clientexecErrors, clientexecFailure } from "./errors.js";
import { clientexecRoutes } from "./routes.js";
import { clientexecErrorBody } from "./schemas.js";

/** The modules named on Clientexec's pages. Other paths below /api do not belong to this dialect. */
const modules = ["accounts", "clients", "packages", "resource", "support", "ticket", "users"];

const apiKeyScheme = (location: "header" | "query", name: string) =>
  [`clientexec_${location}_${name}`, { type: "apiKey", in: location, name }] as const;

/** Clientexec's API for the users online. */
export const clientexec: Dialect = {
  name: "CLIENTEXEC",
  title: "Clientexec",
  basePath: ({ clientexec: { basePath } }) => basePath,
  // Omnidesk's users are below /api/v2, too, and Rocket.Chat is below /api/v1.
  ownSegments: modules.flatMap((module) => [module, `v2/${module}`]),
  contentType: "application/json",
  routes: clientexecRoutes,
  credential: clientexecCredential,
  errors: clientexecErrors,
  internalError: clientexecFailure(500, "Internal server error"),
  unknownPath: clientexecFailure(404, "There is no such function"),
  wrongMethod: (allowed) => ({
    ...clientexecFailure(405, `Only ${allowed.join(", ")} is possible here`),
    headers: { allow: allowed.join(", ") },
  }),
  envelope: clientexecEnvelope,
  // An address may contain the key, and a response is valid for a moment only.
  headers: { "cache-control": "no-store" },
  openApi: {
    description: "Clientexec's API for the users online.",
    errorBody: clientexecErrorBody,
    securitySchemes: {
      clientexec_basic: { type: "http", scheme: "basic" },
      clientexec_bearer: { type: "http", scheme: "bearer" },
      ...Object.fromEntries(keyHeaders.map((name) => apiKeyScheme("header", name))),
      ...Object.fromEntries(keyParameters.map((name) => apiKeyScheme("query", name))),
    },
  },
};
