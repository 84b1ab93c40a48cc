import { element, followCredential, settings } from "./credential.js";

const root = ReactDOM.createRoot(element("main"));
const defaultTabs = settings<{ examples: string[] }>().examples.map((query) => ({ query }));

let sockets: GraphQLWsClient | undefined;
let renderings = 0;

followCredential((credential, holder) => {
  void sockets?.dispose();
  sockets = graphqlWs.createClient({
    url: new URL("graphql", location.href).href.replace(/^http/, "ws"),
    connectionParams: credential === null ? {} : { authorization: `Bearer ${credential}` },
  });
  const fetcher = GraphiQL.createFetcher({
    url: "graphql",
    fetch: (address, request) => fetch(address, withCredential(request, credential)),
    wsClient: sockets,
    enableIncrementalDelivery: false,
  });
  root.render(
    React.createElement(GraphiQL, {
      // The schema depends on the credential: a new one renders the explorer anew, except the tabs, which
      // GraphiQL stores.
      key: ++renderings,
      fetcher,
      defaultTabs,
      // Undefined requests the schema from the gateway, which requires a valid credential.
      schema: holder ? undefined : null,
      forcedTheme: "system",
      inputValueDeprecation: true,
      schemaDescription: true,
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
    }),
  );
});

/** An authorization header of the tab takes precedence over the page's credential. */
function withCredential(request: RequestInit | undefined, credential: string | null): RequestInit {
  const headers = new Headers(request?.headers);
  if (credential !== null && !headers.has("authorization")) {
    headers.set("authorization", `Bearer ${credential}`);
  }
  return { ...request, headers };
}
