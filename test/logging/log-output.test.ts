import { PassThrough } from "node:stream";
import { openLogOutput } from "../../src/observability/logging/output.js";
import { createLogger } from "../../src/observability/logging/logger.js";

const outputs = {
  terminal: () => Object.assign(new PassThrough(), { isTTY: true }),
  file: () => new PassThrough(),
};

/** One line of the output without its colours. */
async function seenAt(output: PassThrough, format?: "json" | "pretty"): Promise<string> {
  const logger = createLogger("info", (await openLogOutput(format, output)) ?? output);
  logger.info({ door: "GRAPHQL", secret: "x", nested: { secret: "hidden" } }, "request");
  return String(output.read()).replaceAll(/\u001b\[\d+m/g, "");
}

const WORDS = /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: request \{.*"door":"GRAPHQL".*\}\n$/;

it.each([
  ["in a terminal", outputs.terminal, undefined],
  ["where that is wanted", outputs.file, "pretty"],
] as const)("the text log is readable %s, without secrets", async (_, output, format) => {
  const seen = await seenAt(output(), format);
  expect(seen).toMatch(WORDS);
  expect(seen).not.toContain("hidden");
});

it.each([
  ["anywhere else", outputs.file, undefined],
  ["in a terminal where that is wanted", outputs.terminal, "json"],
] as const)("the JSON log has one object per line %s", async (_, output, format) => {
  expect(JSON.parse(await seenAt(output(), format))).toMatchObject({
    door: "GRAPHQL",
    msg: "request",
  });
});
