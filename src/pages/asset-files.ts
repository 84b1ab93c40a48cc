import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Asset, type AssetName } from "./asset.js";

/**
 * A file of an installed package. Not every package exports its browser files, but all export their
 * package.json.
 */
const packageFile = (name: string, ...path: string[]): string =>
  join(dirname(require.resolve(`${name}/package.json`)), ...path);

/** The root of the checkout: three levels above dist/src/pages, two above src/pages. */
const root = [join(__dirname, "..", "..", ".."), join(__dirname, "..", "..")].find((directory) =>
  existsSync(join(directory, "browser", "page.css")),
);

/** Modules are compiled; styles are served from the source. */
const ownFile = (name: string): string =>
  join(root ?? "", ...(name.endsWith(".js") ? ["dist"] : []), "browser", name);

const ownAsset = (name: AssetName) => new Asset(name, ownFile(name));

/** lit-html's files import each other by relative paths, so they keep their paths. */
const litAsset = (file: `${string}.js`, specifier?: string) =>
  new Asset(`lit-html/${file}`, join(dirname(require.resolve("lit-html")), "..", file), specifier);

/** All files that pages load: our own from `browser`, the others from their packages. */
export const assets = {
  pageStyle: ownAsset("page.css"),
  credential: ownAsset("credential.js"),
  explorer: ownAsset("explorer.js"),
  explorerStyle: ownAsset("explorer.css"),
  restReference: ownAsset("rest-reference.js"),
  restReferenceStyle: ownAsset("rest-reference.css"),
  board: ownAsset("board/board.js"),
  boardStyle: ownAsset("board/board.css"),
  react: new Asset("react.js", packageFile("react", "umd", "react.production.min.js")),
  reactDom: new Asset(
    "react-dom.js",
    packageFile("react-dom", "umd", "react-dom.production.min.js"),
  ),
  graphiql: new Asset("graphiql.js", packageFile("graphiql", "graphiql.min.js")),
  graphiqlStyle: new Asset("graphiql.css", packageFile("graphiql", "graphiql.min.css")),
  graphqlWs: new Asset("graphql-ws.js", packageFile("graphql-ws", "umd", "graphql-ws.min.js")),
  swaggerUi: new Asset("swagger-ui.js", packageFile("swagger-ui-dist", "swagger-ui-bundle.js")),
  swaggerUiStyle: new Asset("swagger-ui.css", packageFile("swagger-ui-dist", "swagger-ui.css")),
};

/** The direct and indirect imports of the board's module. */
export const boardModules: readonly Asset[] = [
  assets.credential,
  ownAsset("board/announcer.js"),
  ownAsset("board/arrangement.js"),
  ownAsset("board/filters.js"),
  ownAsset("board/gateway.js"),
  ownAsset("board/graphql.js"),
  ownAsset("board/open-person.js"),
  ownAsset("board/people-list.js"),
  ownAsset("board/person-panel.js"),
  ownAsset("board/person-row.js"),
  ownAsset("board/presence-board.js"),
  ownAsset("board/refusal.js"),
  ownAsset("board/roster.js"),
  ownAsset("board/roster-feed.js"),
  ownAsset("board/row-window.js"),
  ownAsset("board/times.js"),
  litAsset("lit-html.js", "lit-html"),
  litAsset("directive.js"),
  litAsset("directive-helpers.js"),
  litAsset("directives/keyed.js", "lit-html/directives/keyed.js"),
  litAsset("directives/repeat.js", "lit-html/directives/repeat.js"),
];
