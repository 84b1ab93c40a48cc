import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pageHeaders, type PagePolicy } from "../http/security-headers.js";
import type { Asset } from "./asset.js";

export interface Page {
  readonly title: string;
  readonly styles: readonly Asset[];
  /** Libraries that define globals, in this order. */
  readonly libraries: readonly Asset[];
  /** The page's entry module. */
  readonly module: Asset;
  /** Its direct and indirect imports. */
  readonly imports: readonly Asset[];
  /** What the page may do beyond the common policy. */
  readonly policy: PagePolicy;
  /** The value that its module reads from `#settings`. */
  readonly settings: object;
  /** The page's own address, and the addresses and titles of all pages. */
  readonly address: string;
  readonly links: Readonly<Record<string, string>>;
}

/**
 * Responds with a page. It contains no data, so it needs no credential: its scripts request the data with the
 * credential that the user enters. Addresses are relative, because a proxy may serve everything below a path.
 */
export const pageHandler =
  (page: Page) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    const nonce = randomBytes(16).toString("base64");
    const html = await render(page, nonce);
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-length": Buffer.byteLength(html),
      vary: "accept",
      ...pageHeaders(nonce, page.policy),
    });
    response.end(request.method === "HEAD" ? undefined : html);
  };

async function render(page: Page, nonce: string): Promise<string> {
  const styles = await addressesOf(page.styles);
  const libraries = await addressesOf(page.libraries);
  const imports = await addressesOf(page.imports);
  const links = Object.entries(page.links).map(([href, name]) => {
    const current = href === page.address ? ` aria-current="page"` : "";
    return `<a href="${href}"${current}>${name}</a>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
${styles.map((href) => `<link rel="stylesheet" href="${href}" nonce="${nonce}">`).join("\n")}
<script type="importmap" nonce="${nonce}">${jsonInHtml({ imports: await importMap(page.imports) })}</script>
${imports.map((href) => `<link rel="modulepreload" href="${href}" nonce="${nonce}">`).join("\n")}
</head>
<body>
<header class="bar">
<strong>Rollcall</strong>
<nav>${links.join("")}</nav>
<form id="credential">
<label for="key">API key or login token</label>
<input id="key" type="password" autocomplete="off" spellcheck="false" required>
<button>Use</button>
<button type="button" id="forget" hidden>Forget</button>
<output id="holder" for="key"></output>
</form>
</header>
<section id="no-credential" hidden>
<p><strong>Enter a key to begin.</strong> <code>npm start</code> prints the demo's key as
<code>Demo key</code>; the address that it prints for this page includes it.</p>
<p>Elsewhere, use an API key that an administrator created with <code>createApiKey</code>, the
<code>ROLLCALL_ADMIN_KEY</code> of the installation, or the token that the mutation <code>login</code> returns,
which needs no key. This tab keeps it until you close it.</p>
</section>
<main id="main"></main>
<noscript>This page needs JavaScript.</noscript>
<script type="application/json" id="settings">${jsonInHtml(page.settings)}</script>
${libraries.map((src) => `<script src="${src}" nonce="${nonce}"></script>`).join("\n")}
<script type="module" src="${await page.module.address()}" nonce="${nonce}"></script>
</body>
</html>
`;
}

const addressesOf = (assets: readonly Asset[]): Promise<string[]> =>
  Promise.all(assets.map((asset) => asset.address()));

/**
 * Modules import each other by path. The map adds the hash of the contents to each path, so that all modules
 * of a page have the same version and can be cached forever.
 */
async function importMap(modules: readonly Asset[]): Promise<Record<string, string>> {
  const entries = modules.map(async (asset): Promise<[string, string][]> => {
    const address = `./${await asset.address()}`;
    const names = [`.${asset.path}`, asset.specifier];
    return names.flatMap((name) => (name === undefined ? [] : [[name, address]]));
  });
  return Object.fromEntries((await Promise.all(entries)).flat());
}

/** Escapes `<`, so that the text cannot close the element. */
const jsonInHtml = (value: object): string => JSON.stringify(value).replaceAll("<", "\\u003c");

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#2f5bd7"/><path d="M4 8.5l2.7 2.7L12 5.5" fill="none" stroke="#fff" stroke-width="2"/></svg>`;
