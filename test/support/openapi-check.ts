import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { LegacyConfig } from "../../src/config.js";
import { dialects } from "../../src/legacy-rest/index.js";
import { createOpenApi } from "../../src/legacy-rest/openapi.js";

interface Operation {
  readonly pattern: RegExp;
  readonly method: string;
  readonly answers: ReadonlyMap<number, Answer>;
}

interface Answer {
  readonly contentType: string | null;
  readonly validate: ValidateFunction | null;
}

interface Described {
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

/**
 * Holds every answer of the old REST APIs against the OpenAPI document, in whatever test it is given.
 *
 * @returns what was found, to be looked at when the gateway stops
 */
export function checkAgainstOpenApi(server: Server, config: LegacyConfig): readonly string[] {
  const operations = operationsOf(config);
  const findings: string[] = [];
  server.prependListener("request", (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0]?.replace(/\/+$/, "") ?? "";
    const operation = operations.find(
      ({ method, pattern }) => method === request.method && pattern.test(path),
    );
    if (operation) watch(operation, request, response, findings);
  });
  return findings;
}

function operationsOf(config: LegacyConfig): Operation[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const { paths } = createOpenApi(dialects, config, "test") as {
    paths: Record<string, Record<string, Described>>;
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      path,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
      answers: new Map(
        Object.entries(responses).map(([status, { content }]): [number, Answer] => {
          const [[contentType, media] = [null, null]] = Object.entries(content ?? {});
          return [Number(status), { contentType, validate: media && ajv.compile(media.schema) }];
        }),
      ),
    })),
  );
  // A fixed path goes before one with parameters.
  return operations.sort((a, b) => a.path.split("{").length - b.path.split("{").length);
}

function watch(
  operation: Operation,
  request: IncomingMessage,
  response: ServerResponse,
  findings: string[],
): void {
  const chunks: Buffer[] = [];
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  const keep = (chunk: unknown) => {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  response.write = ((...args: Parameters<typeof write>) => {
    keep(args[0]);
    return write(...args);
  }) as typeof write;
  response.end = ((...args: Parameters<typeof end>) => {
    keep(args[0]);
    return end(...args);
  }) as typeof end;
  response.once("finish", () => {
    const fault = faultOf(operation, response, Buffer.concat(chunks).toString());
    if (fault) {
      findings.push(`${request.method} ${request.url} answered ${response.statusCode}: ${fault}`);
    }
  });
}

function faultOf(operation: Operation, response: ServerResponse, body: string): string | null {
  const answer = operation.answers.get(response.statusCode);
  if (!answer) return "the document names no such status";
  const contentType = response.getHeader("content-type") ?? null;
  if (body === "" && !answer.validate) return null;
  if (contentType !== answer.contentType) return `the content type is ${String(contentType)}`;
  if (!answer.validate || answer.validate(JSON.parse(body))) return null;
  return `${JSON.stringify(answer.validate.errors)} in ${body.slice(0, 500)}`;
}
