import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Asset, type AssetName } from "./asset.js";

/** A file of an installed package. Only some of them name their browser files as exports, all of them their package.json. */
const ofPackage = (name: string, ...path: string[]): string =>
  join(dirname(require.resolve(`${name}/package.json`)), ...path);

/** The checkout: three levels up from dist/src/pages, and two from src/pages. */
const root = [join(__dirname, "..", "..", ".."), join(__dirname, "..", "..")].find((directory) =>
  existsSync(join(directory, "browser", "page.css")),
);

/** Modules are compiled, styles served as they are. */
const ours = (name: string): string =>
  join(root ?? "", ...(name.endsWith(".js") ? ["dist"] : []), "browser", name);

const ourAsset = (name: AssetName) => new Asset(name, ours(name));

/** Its files import each other by their places, so they keep them. */
const litAsset = (file: `${string}.js`, specifier?: string) =>
  new Asset(`lit-html/${file}`, join(dirname(require.resolve("lit-html")), "..", file), specifier);

/** All that pages are made of: of our own from `browser`, the rest as the packages deliver it. */
export const assets = {
  pageStyle: ourAsset("page.css"),
  credential: ourAsset("credential.js"),
  explorer: ourAsset("explorer.js"),
  explorerStyle: ourAsset("explorer.css"),
  restReference: ourAsset("rest-reference.js"),
  restReferenceStyle: ourAsset("rest-reference.css"),
  board: ourAsset("board/board.js"),
  boardStyle: ourAsset("board/board.css"),
  react: new Asset("react.js", ofPackage("react", "umd", "react.production.min.js")),
  reactDom: new Asset("react-dom.js", ofPackage("react-dom", "umd", "react-dom.production.min.js")),
  graphiql: new Asset("graphiql.js", ofPackage("graphiql", "graphiql.min.js")),
  graphiqlStyle: new Asset("graphiql.css", ofPackage("graphiql", "graphiql.min.css")),
  graphqlWs: new Asset("graphql-ws.js", ofPackage("graphql-ws", "umd", "graphql-ws.min.js")),
  swaggerUi: new Asset("swagger-ui.js", ofPackage("swagger-ui-dist", "swagger-ui-bundle.js")),
  swaggerUiStyle: new Asset("swagger-ui.css", ofPackage("swagger-ui-dist", "swagger-ui.css")),
};

/** What the board's module imports, and what that imports in turn. */
export const boardModules: readonly Asset[] = [
  assets.credential,
  ourAsset("board/announcer.js"),
  ourAsset("board/arrangement.js"),
  ourAsset("board/filters.js"),
  ourAsset("board/gateway.js"),
  ourAsset("board/graphql.js"),
  ourAsset("board/open-person.js"),
  ourAsset("board/people-list.js"),
  ourAsset("board/person-panel.js"),
  ourAsset("board/person-row.js"),
  ourAsset("board/presence-board.js"),
  ourAsset("board/refusal.js"),
  ourAsset("board/roster.js"),
  ourAsset("board/roster-feed.js"),
  ourAsset("board/row-window.js"),
  ourAsset("board/times.js"),
  litAsset("lit-html.js", "lit-html"),
  litAsset("directive.js"),
  litAsset("directive-helpers.js"),
  litAsset("directives/keyed.js", "lit-html/directives/keyed.js"),
  litAsset("directives/repeat.js", "lit-html/directives/repeat.js"),
];
