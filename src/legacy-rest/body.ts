import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import { badInput } from "../errors/domain-error.js";
import type { Dialect } from "./dialect.js";

const MAX_FIELDS = 200;
const TOO_MANY_FIELDS = `has more than ${MAX_FIELDS} fields`;

/**
 * Parses the body into an object, whichever of the three media types it has. An empty body is `{}`: some
 * clients announce JSON on requests without a body.
 *
 * @throws BAD_USER_INPUT for a body that does not match its content type
 */
export async function parseWireBody(
  raw: string,
  { "content-type": contentType = "" }: IncomingHttpHeaders,
  dialect: Dialect,
): Promise<unknown> {
  const mediaType = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const text = dialect.normalizeBody?.(raw, mediaType) ?? raw;
  if (text.trim() === "") return {};
  const { normalizeField = (value: string) => value } = dialect;
  // Some clients, such as curl, announce a form whatever they send. No field name starts with a brace.
  if (mediaType === "application/x-www-form-urlencoded" && !text.trimStart().startsWith("{")) {
    return parseForm(text, normalizeField);
  }
  if (mediaType === "multipart/form-data" && /boundary=/i.test(contentType)) {
    return parseMultipart(text, contentType, normalizeField);
  }
  return parseJson(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badInput([{ path: "body", message: "is not well-formed" }]);
  }
}

type Normalize = (value: string) => string;

function parseForm(text: string, normalize: Normalize): Record<string, unknown> {
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length > MAX_FIELDS) throw badInput([{ path: "body", message: TOO_MANY_FIELDS }]);
  return collectFields(pairs.map(([name, value]) => [name, normalize(value)]));
}

/** A repeated field, or one named `name[]` or `name[0]`, becomes a list. */
export function collectFields(
  pairs: readonly (readonly [string, string])[],
): Record<string, unknown> {
  const fields = new Map<string, string | string[]>();
  for (const [key, value] of pairs) {
    const name = key.replace(/\[\d*\]$/, "");
    const isList = name !== key;
    const earlier = fields.get(name);
    if (earlier === undefined) fields.set(name, isList ? [value] : value);
    else fields.set(name, [earlier, value].flat());
  }
  return Object.fromEntries(fields);
}

/** Fields only; a form with a file is refused. */
function parseMultipart(
  text: string,
  contentType: string,
  normalize: Normalize,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const refuse = (message: string) => reject(badInput([{ path: "body", message }]));
    const pairs: [string, string][] = [];
    try {
      const busboy = new Busboy({
        headers: { "content-type": contentType },
        limits: { fields: MAX_FIELDS, files: 0 },
      });
      busboy.on("field", (name, value) => pairs.push([name, normalize(value)]));
      busboy.on("filesLimit", () => refuse("must not hold files"));
      busboy.on("fieldsLimit", () => refuse(TOO_MANY_FIELDS));
      busboy.on("error", () => refuse("is not well-formed"));
      busboy.on("finish", () => resolve(collectFields(pairs)));
      Readable.from([Buffer.from(text)]).pipe(busboy);
    } catch {
      refuse("is not well-formed");
    }
  });
}
