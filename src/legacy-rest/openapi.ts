import { z } from "zod";
import type { LegacyConfig } from "../config/schema.js";
import { describeRequirement, requirementOf } from "../domain/permission-table.js";
import { DomainError, errorCodes } from "../errors/domain-error.js";
import { type Dialect, type LegacyRoute, PAYLOAD_TOO_LARGE } from "./dialect.js";
import { wireParameter } from "./wire.js";

type JsonSchema = Record<string, unknown>;

/**
 * The OpenAPI 3.1 description of the enabled dialects, generated from the schemas that parse the requests.
 */
export function createOpenApi(
  dialects: readonly Dialect[],
  config: LegacyConfig,
  version: string,
): JsonSchema {
  const active = dialects.filter((dialect) => dialect.basePath(config) !== null);
  const paths: Record<string, JsonSchema> = {};
  for (const dialect of active) {
    for (const route of dialect.routes) {
      for (const path of [route.path, ...(route.aliases ?? [])]) {
        const address = `${dialect.basePath(config)}${path}`.replace(/:(\w+)/g, "{$1}");
        const methods = (paths[address] ??= {});
        methods[route.method.toLowerCase()] = operationOf(dialect, route, path);
      }
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Rollcall: the legacy REST APIs",
      version,
      description:
        "Four legacy REST APIs over the same users and the same rules as Rollcall's GraphQL API. " +
        "Every route responds as its original did; docs/legacy-rest.md has the known differences.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: active.map(({ title, openApi }) => ({ name: title, description: openApi.description })),
    paths,
    components: {
      securitySchemes: Object.fromEntries(
        active.flatMap(({ openApi }) => Object.entries(openApi.securitySchemes)),
      ),
    },
  };
}

function operationOf(dialect: Dialect, route: LegacyRoute, path: string): JsonSchema {
  const requirement = requirementOf(route.operation);
  const { params, query, body } = partsOf(route);
  const names = Object.keys(dialect.openApi.securitySchemes);
  // The roles that the credential must have, as OpenAPI 3.1 expresses them.
  const roles = requirement.needs === "SIGNED_IN" ? [] : [requirement.needs];
  const required = dialect.openApi.needsAllSchemes
    ? [Object.fromEntries(names.map((name) => [name, roles]))]
    : names.map((name) => ({ [name]: roles }));
  return {
    tags: [dialect.title],
    operationId: `${dialect.name}_${route.method}_${path}`.replace(/\W+/g, "_").replace(/_+$/, ""),
    summary: route.summary,
    description: describeRequirement(requirement),
    security: requirement.needs === "NONE" ? [] : required,
    parameters: [
      ...parametersOf(params, "path", path),
      ...parametersOf(query, "query", path),
      ...(route.method === "GET" || requirement.needs === "NONE" ? [] : [IDEMPOTENCY_KEY]),
    ],
    ...(body && route.method !== "GET" ? { requestBody: requestBodyOf(body, route) } : {}),
    responses: { "200": successOf(dialect, route), ...refusalsOf(dialect, route) },
  };
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "The same key with the same request is executed once, and gets the same response for a day.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

/** The three parts of a route's request schema, as the client sends them. */
function partsOf(route: LegacyRoute): Partial<Record<"params" | "query" | "body", JsonSchema>> {
  const schema = toJsonSchema(route.request, "input");
  return schema.properties ?? {};
}

function toJsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  // The output of a transformation has no schema; the input side is what the client sends.
  const json: JsonSchema = z.toJSONSchema(schema, {
    io,
    target: "draft-2020-12",
    unrepresentable: "any",
    // zod drops the examples of a transformed schema. Ours are examples of the input.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (examples) Object.assign(jsonSchema, { examples });
      if (zodSchema === wireParameter) {
        delete jsonSchema.anyOf;
        jsonSchema.type = "string";
      }
    },
  });
  delete json.$schema;
  return json;
}

function parametersOf(part: JsonSchema | undefined, location: "path" | "query", path: string) {
  const properties = (part?.properties ?? {}) as Record<string, JsonSchema>;
  const required = (part?.required ?? []) as string[];
  return Object.entries(properties)
    .filter(([name]) => location === "query" || path.split("/").includes(`:${name}`))
    .map(([name, { description, ...schema }]) => ({
      name,
      in: location,
      required: location === "path" || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
    }));
}

function requestBodyOf(schema: JsonSchema, { bodyTypes = ["application/json"] }: LegacyRoute) {
  const required = Array.isArray(schema.required) && schema.required.length > 0;
  return {
    required,
    content: Object.fromEntries(bodyTypes.map((type) => [type, { schema }])),
  };
}

function successOf(dialect: Dialect, { response }: LegacyRoute): JsonSchema {
  if (response === null) return { description: "Success." };
  const schema = toJsonSchema(response, "output");
  return { description: "Success.", content: { [dialect.contentType]: { schema } } };
}

/** Calls the dialect's own error functions for the status of each refusal. */
function refusalsOf(
  dialect: Dialect,
  { segments, refusals }: LegacyRoute,
): Record<string, JsonSchema> {
  const codesByStatus = new Map<number, string[]>();
  for (const code of errorCodes) {
    const refusal = refusals?.[code] ?? dialect.errors[code];
    const { status } = refusal(new DomainError(code, "…"));
    codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code]);
  }
  codesByStatus.set(PAYLOAD_TOO_LARGE, ["the body is too large"]);
  codesByStatus.set(dialect.internalError.status, ["unexpected"]);
  if (segments) {
    codesByStatus.set(dialect.unknownPath.status, ["no such path"]);
    codesByStatus.set(dialect.wrongMethod([]).status, ["the path belongs to another endpoint"]);
  }
  const schema = toJsonSchema(dialect.openApi.errorBody, "output");
  return Object.fromEntries(
    [...codesByStatus].map(([status, codes]) => [
      String(status),
      {
        description: `Refused: ${codes.join(", ")}.`,
        content: { [dialect.contentType]: { schema } },
      },
    ]),
  );
}
