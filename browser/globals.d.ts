// The globals of the libraries, as far as the pages use them.

interface ReactRoot {
  render(element: unknown): void;
}

declare const React: {
  createElement(type: unknown, properties: object): unknown;
};
declare const ReactDOM: {
  createRoot(container: Element): ReactRoot;
};

type Fetcher = unknown;
declare const GraphiQL: {
  createFetcher(options: {
    url: string;
    fetch: typeof fetch;
    wsClient: GraphQLWsClient;
    enableIncrementalDelivery: boolean;
  }): Fetcher;
};

type GraphQLWsClient = import("graphql-ws").Client;
declare const graphqlWs: Pick<typeof import("graphql-ws"), "createClient">;

type SecurityScheme =
  | { type: "http"; scheme: "bearer" | "basic" }
  | { type: "apiKey"; in: "header" | "query"; name: string };

interface Operation {
  security?: Record<string, unknown>[];
  requestBody?: { content: Record<string, unknown> };
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, SecurityScheme> };
}

interface SwaggerUi {
  preauthorizeApiKey(scheme: string, value: string): void;
  authActions: { logout(schemes: string[]): void };
}
declare const SwaggerUIBundle: (options: Record<string, unknown>) => SwaggerUi;
