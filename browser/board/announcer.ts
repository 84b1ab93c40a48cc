import { element } from "../credential.js";

const PAUSE_MS = 1_000;

let timer = 0;

/** Has a screen reader say it, when it has finished what it says. Of several things at once only the last is said. */
export function announce(words: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    element("announcer").textContent = words;
  }, PAUSE_MS);
}
