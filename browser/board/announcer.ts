import { element } from "../credential.js";

const PAUSE_MS = 1_000;

let timer = 0;

/**
 * Announces a text to screen readers after they have finished speaking. Of several texts in quick succession
 * only the last one is announced.
 */
export function announce(text: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    element("announcer").textContent = text;
  }, PAUSE_MS);
}
