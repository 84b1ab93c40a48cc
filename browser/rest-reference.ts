import { element, followCredential, type Holder } from "./credential.js";

/** Rocket.Chat's second header for a key without an owner, which accepts any value. */
const ANY_USER = "any";

const dark = matchMedia("(prefers-color-scheme: dark)");
const followTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followTheme);
followTheme();

const spec = (await (await fetch("openapi.json")).json()) as OpenApi;
const schemes = preferredSchemes();
showJsonFirst();

let ui: SwaggerUi | undefined;
let values: Record<string, string> = {};

// Called first: Swagger UI would interpret a key in the address as a section.
followCredential((credential, holder) => {
  if (ui && Object.keys(values).length > 0) ui.authActions.logout(Object.keys(values));
  values = credential === null ? {} : valuesOf(credential, holder);
  fillIn();
});

const bundle = SwaggerUIBundle({
  spec,
  domNode: element("main"),
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  filter: true,
  // Neither settings from the address nor requests to Swagger's validator.
  queryConfigEnabled: false,
  validatorUrl: null,
  onComplete: () => {
    ui = bundle;
    fillIn();
  },
});

/** Swagger UI generates a value for each field of a form, but shows the example of JSON. */
function showJsonFirst(): void {
  for (const methods of Object.values(spec.paths)) {
    for (const { requestBody } of Object.values(methods)) {
      const { "application/json": json, ...others } = requestBody?.content ?? {};
      if (requestBody && json) requestBody.content = { "application/json": json, ...others };
    }
  }
}

function fillIn(): void {
  for (const [scheme, value] of Object.entries(values)) ui?.preauthorizeApiKey(scheme, value);
}

/** The value of each security scheme. */
function valuesOf(credential: string, holder: Holder | null): Record<string, string> {
  const ids = holder?.user?.externalIds ?? [];
  const rocketChatId = ids.find(({ system }) => system === "ROCKET_CHAT")?.id ?? ANY_USER;
  return Object.fromEntries(
    schemes.map((scheme) => [scheme, scheme === "rocketChatUser" ? rocketChatId : credential]),
  );
}

/** An operation may accept the credential in several places. One suffices, preferably a header. */
function preferredSchemes(): string[] {
  const operations = Object.values(spec.paths).flatMap((methods) => Object.values(methods));
  const chosen = operations.flatMap(({ security = [] }) => {
    const alternatives = security.map((alternative) => Object.keys(alternative));
    return alternatives.find((names) => names.every(isInHeader)) ?? [];
  });
  return [...new Set(chosen)];
}

function isInHeader(name: string): boolean {
  const scheme = spec.components.securitySchemes[name];
  return scheme?.type === "http" ? scheme.scheme === "bearer" : scheme?.in === "header";
}
