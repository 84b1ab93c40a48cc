import { element, followCredential, type Holder } from "./credential.js";

/** What Rocket.Chat's second header says for a key of nobody, which goes with any id. */
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

// First of all: Swagger UI would take a key in the address for the name of a chapter.
followCredential((credential, holder) => {
  if (ui && Object.keys(values).length > 0) ui.authActions.logout(Object.keys(values));
  values = credential === null ? {} : valuesOf(credential, holder);
  fillIn();
});

const made = SwaggerUIBundle({
  spec,
  domNode: element("main"),
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  filter: true,
  // Nothing of this page may come from its address, and nothing is asked of a server of Swagger's.
  queryConfigEnabled: false,
  validatorUrl: null,
  onComplete: () => {
    ui = made;
    fillIn();
  },
});

/** Of a form, Swagger UI makes up a value for each field; of JSON it shows the example. */
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

/** What goes into each place for a credential. */
function valuesOf(credential: string, holder: Holder | null): Record<string, string> {
  const ids = holder?.user?.externalIds ?? [];
  const rocketChatId = ids.find(({ system }) => system === "ROCKET_CHAT")?.id ?? ANY_USER;
  return Object.fromEntries(
    schemes.map((scheme) => [scheme, scheme === "rocketChatUser" ? rocketChatId : credential]),
  );
}

/** An operation may take the credential in several places; one is enough, and not the address. */
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
