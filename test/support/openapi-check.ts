import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { LegacyConfig } from "../../src/config/schema.js";
import type { BufferedResponse as HttpAnswer } from "../../src/http/buffered-response.js";
import { dialects } from "../../src/legacy-rest/index.js";
import type { Answer } from "./openapi-answers.js";

export interface OpenApiCheck {
  /** The responses that violate the document. */
  readonly findings: () => Promise<readonly string[]>;
}

/** Validates every response of the legacy REST APIs against the OpenAPI document, in every test. */
export function checkAgainstOpenApi(server: Server, config: LegacyConfig): OpenApiCheck {
  const basePaths = dialects.flatMap((dialect) => dialect.basePath(config) ?? []);
  const checks: Promise<string | null>[] = [];
  server.prependListener("request", (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0]?.replace(/\/+$/, "") ?? "";
    if (!basePaths.some((basePath) => path.startsWith(basePath))) return;
    watch(request, response, (answer) => {
      checks.push(findFault(config, { path, ...answer }));
    });
  });
  return {
    findings: async () => (await Promise.all(checks)).filter((finding) => finding !== null),
  };
}

/** Loads the document and its compiler on demand: loading takes longer than most test files run. */
async function findFault(config: LegacyConfig, answer: Answer): Promise<string | null> {
  const { openApiAnswers } = await import("./openapi-answers.js");
  return openApiAnswers(config).faultOf(answer);
}

function watch(
  request: IncomingMessage,
  response: ServerResponse,
  tell: (answer: Omit<Answer, "path">) => void,
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
    tell({
      method: request.method ?? "",
      url: request.url ?? "",
      status: response.statusCode,
      contentType: (response as HttpAnswer).headers["content-type"] ?? null,
      body: Buffer.concat(chunks).toString(),
    });
  });
}
