/** For graphql-codegen: `npx graphql-codegen`, with `@graphql-codegen/cli` and `@graphql-codegen/client-preset` installed. */
const config = {
  schema: "../../schema.graphql",
  documents: "operations.graphql",
  generates: {
    "./": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        // Documents as text, so that the client does not need graphql-js.
        documentMode: "string",
        useTypeImports: true,
        enumsAsTypes: true,
        skipTypename: true,
        strictScalars: true,
        scalars: {
          ID: "string",
          Cursor: "string",
          DateTime: "string",
          JSONObject: "Record<string, unknown>",
        },
      },
    },
  },
} as const;

export default config;
