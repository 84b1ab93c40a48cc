import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** @throws when there is none, saying how to get one */
export function launchChromium(): Promise<Browser> {
  const given = process.env.CHROMIUM_PATH;
  const executablePath = given ?? USUAL_PLACES.find((path) => existsSync(path));
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error(
      `There is no Chromium at ${given ?? USUAL_PLACES.join(" or ")}. Install it ` +
        "(on Debian: apt-get install chromium), or set CHROMIUM_PATH to where it is.",
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      // As root, as in most containers, Chromium refuses its own sandbox; it sees our pages only.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A name that is not this machine's own.
      "--host-resolver-rules=MAP rollcall.test 127.0.0.1",
    ],
  });
}

/** A tab with an empty profile, for which there is no network but the gateway, and what went wrong in it. */
export interface Tab {
  readonly page: Page;
  /** What the console said of errors and warnings, exceptions, and addresses elsewhere that were asked for. */
  readonly faults: string[];
  readonly close: () => Promise<void>;
}

export async function openTab(
  browser: Browser,
  gatewayUrl: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 820 }, ...options });
  const faults: string[] = [];
  await context.route(
    (url) => url.origin !== gatewayUrl && url.protocol.startsWith("http"),
    async (route) => {
      faults.push(`asked for ${route.request().url()}`);
      await route.abort();
    },
  );
  const page = await context.newPage();
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== new URL(gatewayUrl).host) {
      faults.push(`connected to ${socket.url()}`);
    }
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  return { page, faults, close: () => context.close() };
}
