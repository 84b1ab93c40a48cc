import { posix, relative, sep } from "node:path";

/**
 * The layers of `src`, lowest first: what each folder is, and which folders it may import. Every folder and every file of the
 * root has a row; a folder without one is an error. docs/architecture.md prints this table.
 *
 * @type {Readonly<Record<string, { readonly is: string, readonly imports: readonly string[] }>>}
 */
export const layers = {
  domain: { is: "Pure rules and vocabulary, without I/O", imports: [] },
  config: { is: "Environment variables and their types", imports: [] },
  errors: { is: "Errors of the domain, and how database errors become them", imports: ["domain"] },
  entities: { is: "One class per table, with what GraphQL may show of it", imports: ["domain"] },
  observability: {
    is: "Logging, metrics and tracing",
    imports: ["domain", "config", "errors"],
  },
  database: {
    is: "Connections, transactions, shared reads and pagination",
    imports: ["domain", "errors", "entities"],
  },
  "embedded-postgres": {
    is: "The Postgres server of `npm start`",
    imports: ["database", "errors"],
  },
  outbox: {
    is: "The event log and its subscribers",
    imports: ["domain", "observability", "database"],
  },
  services: {
    is: "Every rule, permission and transaction",
    imports: ["domain", "errors", "entities", "observability", "database", "outbox"],
  },
  loaders: {
    is: "Batched reads for GraphQL fields",
    imports: ["domain", "errors", "entities", "database", "services"],
  },
  http: {
    is: "The HTTP server and what all HTTP APIs share",
    imports: ["domain", "config", "errors", "observability", "database", "services"],
  },
  graphql: {
    is: "Validation, execution and subscriptions of GraphQL operations",
    imports: [
      "domain",
      "config",
      "errors",
      "observability",
      "database",
      "outbox",
      "services",
      "loaders",
      "http",
    ],
  },
  resolvers: {
    is: "The GraphQL schema: types, inputs and resolvers",
    imports: ["domain", "entities", "database", "outbox", "services", "loaders", "graphql"],
  },
  "legacy-rest": {
    is: "The four legacy REST dialects",
    imports: ["domain", "config", "errors", "entities", "observability", "services", "http"],
  },
  pages: { is: "The pages for browsers", imports: ["config", "http"] },
  jobs: {
    is: "What the gateway does by itself, repeatedly",
    imports: ["observability", "services"],
  },
  demo: {
    is: "The demo data and the load generator",
    imports: ["domain", "entities", "database", "services"],
  },
  startup: {
    is: "Opening the database, the banner and failures of the start",
    imports: ["config", "errors", "database", "embedded-postgres"],
  },
  cluster: {
    is: "Several processes behind one port",
    imports: ["config", "errors", "observability", "database", "startup"],
  },
  "server.ts": {
    is: "Puts the parts together; the only module that knows all of them",
    imports: [
      "config",
      "observability",
      "database",
      "services",
      "loaders",
      "http",
      "graphql",
      "resolvers",
      "legacy-rest",
      "pages",
      "jobs",
    ],
  },
  "main.ts": {
    is: "The process: reads the environment, starts and stops",
    imports: ["config", "observability", "services", "demo", "startup", "cluster", "server.ts"],
  },
  cli: {
    is: "The `rollcall` command",
    imports: [
      "domain",
      "config",
      "errors",
      "observability",
      "database",
      "embedded-postgres",
      "services",
      "loaders",
      "graphql",
      "resolvers",
      "demo",
      "startup",
      "main.ts",
    ],
  },
};

/** Packages that only these folders may import. */
export const packages = {
  typeorm: [
    "entities",
    "database",
    "services",
    "loaders",
    "demo",
    "startup",
    "cluster",
    "server.ts",
  ],
  pg: ["database", "outbox", "embedded-postgres", "observability", "cli"],
  graphql: ["graphql", "resolvers", "cli"],
  "type-graphql": ["entities", "graphql", "resolvers"],
  "@apollo/server": ["graphql"],
  ws: ["graphql"],
  "graphql-ws": ["graphql"],
};

const SRC = "src";

/**
 * The row of a file of `src`, with a path relative to the project: its folder, or the file itself in the
 * root.
 */
const rowOf = (path) => path.split("/")[1];

/** An ESLint rule that reports imports which the table does not allow. */
export const layerRule = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join("/");
    const row = rowOf(file);
    const layer = layers[row];
    const check = (node) => {
      const specifier = node?.value;
      if (typeof specifier !== "string" || !layer) return;
      if (!specifier.startsWith(".")) {
        const [scope = "", name] = specifier.split("/");
        const owners = packages[scope.startsWith("@") ? `${scope}/${name}` : scope];
        if (owners && !owners.includes(row))
          context.report({ node, message: `src/${row} must not import the package ${specifier}.` });
        return;
      }
      const target = posix.join(posix.dirname(file), specifier);
      if (!target.startsWith(`${SRC}/`)) return;
      const imported = rowOf(target).replace(/\.js$/, ".ts");
      if (imported !== row && !layer.imports.includes(imported))
        context.report({ node, message: `src/${row} must not import src/${imported}.` });
    };
    return {
      Program(node) {
        if (!layer)
          context.report({ node, message: `src/${row} has no row in scripts/layers.mjs.` });
      },
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
    };
  },
};
