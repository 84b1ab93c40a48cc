import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Asset } from "./asset.js";

/** A file of an installed package. Only some of them name their browser files as exports, all of them their package.json. */
const ofPackage = (name: string, ...path: string[]): string =>
  join(dirname(require.resolve(`${name}/package.json`)), ...path);

/** `browser` is three levels up from dist/src/pages, and two from src/pages. */
function ours(name: string): string {
  const compiled = join(__dirname, "..", "..", "..", "browser", name);
  return existsSync(compiled) ? compiled : join(__dirname, "..", "..", "browser", name);
}

/** All that pages are made of: of our own from `browser`, the rest as the packages deliver it. */
export const assets = {
  pageStyle: new Asset("page.css", ours("page.css")),
  credential: new Asset("credential.js", ours("credential.js")),
  explorer: new Asset("explorer.js", ours("explorer.js")),
  explorerStyle: new Asset("explorer.css", ours("explorer.css")),
  restReference: new Asset("rest-reference.js", ours("rest-reference.js")),
  restReferenceStyle: new Asset("rest-reference.css", ours("rest-reference.css")),
  react: new Asset("react.js", ofPackage("react", "umd", "react.production.min.js")),
  reactDom: new Asset("react-dom.js", ofPackage("react-dom", "umd", "react-dom.production.min.js")),
  graphiql: new Asset("graphiql.js", ofPackage("graphiql", "graphiql.min.js")),
  graphiqlStyle: new Asset("graphiql.css", ofPackage("graphiql", "graphiql.min.css")),
  graphqlWs: new Asset("graphql-ws.js", ofPackage("graphql-ws", "umd", "graphql-ws.min.js")),
  swaggerUi: new Asset("swagger-ui.js", ofPackage("swagger-ui-dist", "swagger-ui-bundle.js")),
  swaggerUiStyle: new Asset("swagger-ui.css", ofPackage("swagger-ui-dist", "swagger-ui.css")),
};
