import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pageHeaders, type PagePolicy } from "../http/security-headers.js";
import type { Asset } from "./asset.js";

export interface Page {
  readonly title: string;
  readonly styles: readonly Asset[];
  /** Libraries that put themselves into the global scope, in this order. */
  readonly libraries: readonly Asset[];
  /** The page's own module. */
  readonly module: Asset;
  /** What that imports, directly or not. */
  readonly imports: readonly Asset[];
  /** What it may do beyond what every page may. */
  readonly policy: PagePolicy;
  /** What its module reads from `#settings`. */
  readonly settings: object;
  /** Its own address, and those of all pages with what they are called. */
  readonly address: string;
  readonly links: Readonly<Record<string, string>>;
}

/**
 * Answers with a page. It holds no data, so anybody may see it; what it shows is asked for with the
 * credential that somebody puts in. Addresses are relative: a proxy may have moved everything below a path.
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
<p><strong>Put in a key to begin.</strong> The demo's key is what <code>npm start</code> prints as
<code>Demo key</code>; the address that it prints for this page brings it along.</p>
<p>Elsewhere it is an API key that an administrator made for you with <code>createApiKey</code>, the
<code>ROLLCALL_ADMIN_KEY</code> of the installation, or the token that the mutation <code>login</code> answers with,
which takes no key. It is kept in this tab until you close it.</p>
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
 * Modules import each other by their places; this puts the hash of the contents to each, so that all that is loaded
 * together is of one version, and kept.
 */
async function importMap(modules: readonly Asset[]): Promise<Record<string, string>> {
  const entries = modules.map(async (asset): Promise<[string, string][]> => {
    const address = `./${await asset.address()}`;
    const names = [`.${asset.path}`, asset.specifier];
    return names.flatMap((name) => (name === undefined ? [] : [[name, address]]));
  });
  return Object.fromEntries((await Promise.all(entries)).flat());
}

/** Nothing in it may end the element. */
const jsonInHtml = (value: object): string => JSON.stringify(value).replaceAll("<", "\\u003c");

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#2f5bd7"/><path d="M4 8.5l2.7 2.7L12 5.5" fill="none" stroke="#fff" stroke-width="2"/></svg>`;
