import eslint from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/** A layer rule: these imports are errors here, for this reason. */
const forbid = (message, ...group) => ({
  "@typescript-eslint/no-restricted-imports": ["error", { patterns: [{ group, message }] }],
});

export default tseslint.config(
  { ignores: ["dist/**", "coverage/**", ".data/**"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-console": "error",
      "no-control-regex": "off",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/main.ts", "src/embedded-postgres/program.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Only main.ts reads the environment." },
      ],
    },
  },
  {
    files: ["src/domain/**"],
    rules: forbid(
      "src/domain is pure: words, rules, zod.",
      "typeorm",
      "pg",
      "graphql",
      "type-graphql",
      "@apollo/*",
      "node:*",
      "**/entities/*",
      "**/services/*",
      "**/persistence/*",
      "**/loaders/*",
      "**/resolvers/*",
      "**/legacy-rest/*",
      "**/http/*",
    ),
  },
  {
    files: ["src/entities/**"],
    rules: forbid(
      "Entities know the domain and nothing above.",
      "**/services/*",
      "**/persistence/*",
      "**/loaders/*",
      "**/resolvers/*",
      "**/legacy-rest/*",
      "**/http/*",
    ),
  },
  {
    files: ["src/persistence/**"],
    rules: forbid(
      "Persistence knows entities and errors, no rule and no door.",
      "graphql",
      "type-graphql",
      "@apollo/*",
      "**/services/*",
      "**/loaders/*",
      "**/resolvers/*",
      "**/legacy-rest/*",
      "**/http/*",
    ),
  },
  {
    files: ["src/events/**"],
    rules: forbid(
      "The outbox knows the database, no rule and no door.",
      "graphql",
      "type-graphql",
      "@apollo/*",
      "**/services/*",
      "**/loaders/*",
      "**/resolvers/*",
      "**/legacy-rest/*",
      "**/http/*",
      "**/live/*",
    ),
  },
  {
    files: ["src/live/**"],
    rules: forbid(
      "The doors of subscriptions call services only.",
      "typeorm",
      "pg",
      "**/data-source.js",
      "**/legacy-rest/*",
    ),
  },
  {
    files: ["src/services/**"],
    rules: forbid(
      "Services know no transport.",
      "graphql",
      "type-graphql",
      "@apollo/*",
      "node:http",
      "**/loaders/*",
      "**/resolvers/*",
      "**/legacy-rest/*",
      "**/http/*",
    ),
  },
  {
    files: ["src/resolvers/**"],
    rules: forbid(
      "Resolvers call services and loaders, never the database.",
      "typeorm",
      "pg",
      "node:http",
      "**/data-source.js",
      "**/legacy-rest/*",
      "**/http/*",
    ),
  },
  {
    files: ["src/graphql/**"],
    rules: forbid(
      "What is asked before an execution knows no transport and asks no database.",
      "typeorm",
      "pg",
      "node:http",
      "@apollo/*",
      "**/data-source.js",
      "**/loaders/*",
      "**/resolvers/*",
      "**/legacy-rest/*",
      "**/http/*",
    ),
  },
  {
    files: ["src/legacy-rest/**"],
    rules: forbid(
      "Dialects call services only.",
      "typeorm",
      "pg",
      "graphql",
      "type-graphql",
      "@apollo/*",
      "**/data-source.js",
      "**/loaders/*",
      "**/resolvers/*",
    ),
  },
  { files: ["scripts/**", "test/**"], rules: { "no-console": "off" } },
  {
    files: ["**/*.mjs", "**/*.cjs"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        module: "writable",
        require: "readonly",
        __dirname: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        Buffer: "readonly",
        URL: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  prettier,
);
