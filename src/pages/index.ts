import type { IncomingMessage } from "node:http";
import Negotiator from "negotiator";
import type { PagesConfig } from "../config/limits.js";
import type { Handler, Routes } from "../http/request-listener.js";
import { assets, boardModules } from "./asset-files.js";
import { explorerExamples } from "./explorer-examples.js";
import { pageHandler } from "./page.js";

/** Editors measure and place things by the style attributes of elements. */
const editorPolicy = { "style-src-attr": "'unsafe-inline'", "font-src": "data:" };

/** What browsers are shown. What is switched off leaves no trace: its address is nobody's. */
export function createPages(config: PagesConfig): {
  readonly routes: Routes;
  /** `/graphql`, where browsers that ask for a page get the explorer. */
  readonly withExplorer: (graphql: Handler) => Handler;
} {
  const links = {
    ...(config.board ? { board: "Board" } : {}),
    ...(config.explorer ? { graphql: "GraphQL" } : {}),
    ...(config.restReference ? { docs: "REST" } : {}),
  };
  const common = { links, imports: [assets.credential], policy: editorPolicy, settings: {} };
  const explorer = pageHandler({
    ...common,
    address: "graphql",
    title: "Rollcall: GraphQL",
    styles: [assets.graphiqlStyle, assets.pageStyle, assets.explorerStyle],
    libraries: [assets.react, assets.reactDom, assets.graphiql, assets.graphqlWs],
    module: assets.explorer,
    settings: { examples: explorerExamples },
  });
  const restReference = pageHandler({
    ...common,
    address: "docs",
    title: "Rollcall: the old REST APIs",
    styles: [assets.swaggerUiStyle, assets.pageStyle, assets.restReferenceStyle],
    libraries: [assets.swaggerUi],
    module: assets.restReference,
  });
  const board = pageHandler({
    ...common,
    address: "board",
    title: "Rollcall: who is here",
    styles: [assets.pageStyle, assets.boardStyle],
    libraries: [assets.graphqlWs],
    module: assets.board,
    imports: boardModules,
    policy: {},
  });
  return {
    routes: {
      ...(Object.keys(links).length > 0 ? assetRoutes() : {}),
      ...(config.explorer ? { "/playground": toExplorer } : {}),
      ...(config.board ? { "/board": board } : {}),
      ...(config.restReference ? { "/docs": restReference } : {}),
    },
    withExplorer: (graphql) => {
      if (!config.explorer) return graphql;
      return (request, response, requestContext) =>
        wantsPage(request)
          ? explorer(request, response)
          : graphql(request, response, requestContext);
    },
  };
}

const assetRoutes = (): Routes =>
  Object.fromEntries(
    [...Object.values(assets), ...boardModules].map((asset) => [asset.path, asset.handle]),
  );

/** Where other gateways have theirs. Relative, since a proxy may have moved everything below a path. */
const toExplorer: Handler = (_request, response) => {
  response.writeHead(302, { location: "graphql" }).end();
};

/** A browser that was sent here, rather than a client whose query came along. */
function wantsPage(request: IncomingMessage): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://gateway");
  if (pathname !== "/graphql" || searchParams.has("query")) return false;
  const offered = ["application/json", "application/graphql-response+json", "text/html"];
  return new Negotiator(request).mediaType(offered) === "text/html";
}
