import { existsSync } from "node:fs";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** @throws Error with instructions to install Chromium when there is none */
export function chromiumPath(): string {
  const given = process.env.CHROMIUM_PATH;
  const found = (given === undefined ? USUAL_PLACES : [given]).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    `There is no Chromium at ${given ?? USUAL_PLACES.join(" or ")}. Install it ` +
      "(on Debian: apt-get install chromium), or set CHROMIUM_PATH to where it is.",
  );
}
