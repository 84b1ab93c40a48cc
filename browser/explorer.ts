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
      // The schema depends on who asks: another one means all afresh, but for the tabs, which GraphiQL keeps.
      key: ++renderings,
      fetcher,
      defaultTabs,
      // Undefined asks the gateway, which tells nobody without a valid credential.
      schema: holder ? undefined : null,
      forcedTheme: "system",
      inputValueDeprecation: true,
      schemaDescription: true,
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
    }),
  );
});

/** A credential in the tab's own headers goes before the page's. */
function withCredential(request: RequestInit | undefined, credential: string | null): RequestInit {
  const headers = new Headers(request?.headers);
  if (credential !== null && !headers.has("authorization")) {
    headers.set("authorization", `Bearer ${credential}`);
  }
  return { ...request, headers };
}
