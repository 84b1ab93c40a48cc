import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { LegacyConfig } from "../../src/config/schema.js";
import { dialects } from "../../src/legacy-rest/index.js";
import { createOpenApi } from "../../src/legacy-rest/openapi.js";

/** A request and its response. */
export interface Answer {
  readonly method: string;
  readonly url: string;
  /** The path without the query and without a trailing slash. */
  readonly path: string;
  readonly status: number;
  readonly contentType: unknown;
  readonly body: string;
}

interface Operation {
  readonly pattern: RegExp;
  readonly method: string;
  readonly answers: ReadonlyMap<number, AllowedAnswer>;
}

interface AllowedAnswer {
  readonly contentType: string | null;
  readonly schema: object | null;
}

interface Described {
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

/** The responses that the OpenAPI document allows. */
class OpenApiAnswers {
  // The linter of the document, which `npm run check` runs, validates the schemas themselves.
  private readonly ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    meta: false,
    validateSchema: false,
  });
  private readonly operations: readonly Operation[];

  constructor(config: LegacyConfig) {
    this.operations = operationsOf(config);
  }

  /** @returns null for an allowed response, and for paths that the document does not cover */
  faultOf(answer: Answer): string | null {
    const operation = this.operations.find(
      ({ method, pattern }) => method === answer.method && pattern.test(answer.path),
    );
    const fault = operation && this.differenceFrom(operation, answer);
    return fault ? `${answer.method} ${answer.url} answered ${answer.status}: ${fault}` : null;
  }

  private differenceFrom(operation: Operation, { status, contentType, body }: Answer) {
    const allowed = operation.answers.get(status);
    if (!allowed) return "the document names no such status";
    if (body === "" && !allowed.schema) return null;
    if (contentType !== allowed.contentType) return `the content type is ${String(contentType)}`;
    if (!allowed.schema) return null;
    // Ajv caches compiled schemas.
    const validate: ValidateFunction = this.ajv.compile(allowed.schema);
    if (validate(parsed(body))) return null;
    return `${JSON.stringify(validate.errors)} in ${body.slice(0, 500)}`;
  }
}

/** Parses the body. Invalid JSON matches no schema. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const known = new WeakMap<LegacyConfig, OpenApiAnswers>();

export function openApiAnswers(config: LegacyConfig): OpenApiAnswers {
  const answers = known.get(config) ?? new OpenApiAnswers(config);
  known.set(config, answers);
  return answers;
}

function operationsOf(config: LegacyConfig): Operation[] {
  const { paths } = createOpenApi(dialects, config, "test") as {
    paths: Record<string, Record<string, Described>>;
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      path,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
      answers: new Map(
        Object.entries(responses).map(([status, { content }]): [number, AllowedAnswer] => {
          const [[contentType, media] = [null, null]] = Object.entries(content ?? {});
          return [Number(status), { contentType, schema: media && media.schema }];
        }),
      ),
    })),
  );
  // Fixed paths precede paths with parameters.
  return operations.sort((a, b) => a.path.split("{").length - b.path.split("{").length);
}
