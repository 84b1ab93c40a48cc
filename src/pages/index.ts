/** The pages for browsers: the explorer, the board and the REST reference. Imports config and http only. */

import type { IncomingMessage } from "node:http";
import Negotiator from "negotiator";
import type { PagesConfig } from "../config/limits.js";
import type { Handler, Routes } from "../http/request-listener.js";
import { assets, boardModules } from "./asset-files.js";
import { explorerExamples } from "./explorer-examples.js";
import { pageHandler } from "./page.js";

/** The editors position elements with style attributes. */
const editorPolicy = { "style-src-attr": "'unsafe-inline'", "font-src": "data:" };

/** The routes of the enabled pages. A disabled page has no route and no assets. */
export function createPages(config: PagesConfig): {
  readonly routes: Routes;
  /** Wraps the handler of `/graphql`: a browser that requests a page gets the explorer. */
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
    title: "Rollcall: the legacy REST APIs",
    styles: [assets.swaggerUiStyle, assets.pageStyle, assets.restReferenceStyle],
    libraries: [assets.swaggerUi],
    module: assets.restReference,
  });
  const board = pageHandler({
    ...common,
    address: "board",
    title: "Rollcall: presence board",
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

/**
 * The usual address of an explorer. The redirect is relative, because a proxy may serve everything below a
 * path.
 */
const toExplorer: Handler = (_request, response) => {
  response.writeHead(302, { location: "graphql" }).end();
};

/** Whether a browser navigated here, rather than a client with a query. */
function wantsPage(request: IncomingMessage): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://gateway");
  if (pathname !== "/graphql" || searchParams.has("query")) return false;
  const offered = ["application/json", "application/graphql-response+json", "text/html"];
  return new Negotiator(request).mediaType(offered) === "text/html";
}
