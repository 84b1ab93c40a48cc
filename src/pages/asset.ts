import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import Negotiator from "negotiator";

/** The next level saves a tenth of the size and takes seconds for the largest file. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

const compressions = {
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, BROTLI),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 9 }),
  identity: (bytes: Buffer) => Promise.resolve(bytes),
};
type Encoding = keyof typeof compressions;
const encodings = Object.keys(compressions) as Encoding[];

const mediaTypes = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
} as const;

export type AssetName = `${string}.${keyof typeof mediaTypes}`;

/** A static file for browsers. Read at its first request; each encoding is compressed once and cached. */
export class Asset {
  private original: Promise<{ bytes: Buffer; hash: string }> | undefined;
  private readonly encoded = new Map<Encoding, Promise<Buffer>>();

  constructor(
    /** The last part of its path. */
    readonly name: AssetName,
    private readonly file: string,
    /** The import specifier of modules that do not use its path. */
    readonly specifier?: string,
  ) {}

  get path(): string {
    return `/assets/${this.name}`;
  }

  /** Relative to the page, with the hash of the contents: the response of such an address never changes. */
  async address(): Promise<string> {
    const { hash } = await this.read();
    return `${this.path.slice(1)}?v=${hash}`;
  }

  readonly handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    const { hash } = await this.read();
    const encoding = encodingFor(request);
    const etag = `"${hash}-${encoding}"`;
    const isVersioned = request.url?.endsWith(`?v=${hash}`) === true;
    const headers = {
      etag,
      vary: "accept-encoding",
      "cache-control": isVersioned ? "public, max-age=31536000, immutable" : "no-cache",
    };
    if (request.headers["if-none-match"]?.split(/, */).includes(etag)) {
      response.writeHead(304, headers).end();
      return;
    }
    const bytes = await this.encode(encoding);
    const extension = this.name.endsWith(".css") ? "css" : "js";
    response.writeHead(200, {
      ...headers,
      "content-type": mediaTypes[extension],
      "content-length": bytes.length,
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  };

  private read() {
    return (this.original ??= readFile(this.file).then((bytes) => ({
      bytes,
      hash: createHash("sha256").update(bytes).digest("base64url").slice(0, 22),
    })));
  }

  private encode(encoding: Encoding): Promise<Buffer> {
    const cached = this.encoded.get(encoding);
    if (cached) return cached;
    const compressed = this.read().then(({ bytes }) => compressions[encoding](bytes));
    this.encoded.set(encoding, compressed);
    return compressed;
  }
}

/** Browsers give all encodings the same quality; ours are listed from the smallest output up. */
function encodingFor(request: IncomingMessage): Encoding {
  const accepted = new Negotiator(request).encodings([...encodings]);
  return encodings.find((encoding) => accepted.includes(encoding)) ?? "identity";
}
