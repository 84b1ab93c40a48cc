import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { eventually } from "../support/eventually.js";
import { chromiumPath } from "./chromium-path.js";

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      // As root, as in most containers, Chromium refuses to start its sandbox. It loads our pages only.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A host name that is not a loopback name.
      "--host-resolver-rules=MAP rollcall.test 127.0.0.1",
    ],
  });
}

/** A tab with an empty profile that reaches only the gateway, and the errors that occurred in it. */
export interface Tab {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, and requests to other hosts. */
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

/** Removes and returns the only, expected error of a tab. The console may log it after the page shows it. */
export async function theFaultOf({ faults }: Tab): Promise<string> {
  await eventually(() =>
    faults.length > 0 ? Promise.resolve() : Promise.reject(new Error("nothing went wrong")),
  );
  return faults.splice(0).join("\n");
}

/** Whether the page is wider than the window and scrolls horizontally. */
export const isTooWide = (page: Page) =>
  page.evaluate<boolean>(
    "document.documentElement.scrollWidth > document.documentElement.clientWidth",
  );
