// The part of curl that the README needs, for machines without curl. Unknown options are an error, so that the
// README cannot rely on them.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    header: { type: "string", short: "H", multiple: true, default: [] },
    data: { type: "string", short: "d" },
    silent: { type: "boolean", short: "s" },
  },
});

const body = values.data === "@-" ? readFileSync(0, "utf8") : values.data;
const response = await globalThis.fetch(positionals[0], {
  method: body === undefined ? "GET" : "POST",
  headers: values.header.map((line) => /^(\S+): (.*)$/s.exec(line).slice(1)),
  body,
});
process.stdout.write(await response.text());
