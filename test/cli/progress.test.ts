import { PassThrough } from "node:stream";
import { Progress } from "../../src/cli/progress.js";

function shownOn(isTTY: boolean, show: (progress: Progress) => void): string {
  const stream = Object.assign(new PassThrough(), { isTTY });
  show(new Progress(stream, "Importing"));
  return String(stream.read() ?? "");
}

const all = (progress: Progress) => {
  progress.show(0, 200);
  progress.show(200, 200);
  progress.end();
};

it("a terminal shows the progress and is cleared at the end", () => {
  const shown = shownOn(true, all);
  expect(shown).toContain(`Importing [${".".repeat(24)}] 0 %  0 of 200`);
  expect(shown).toContain(`Importing [${"#".repeat(24)}] 100 %  200 of 200`);
  expect(shown.endsWith("\r\u001b[K")).toBe(true);
});

it("without a known total the progress counts the rows done", () => {
  expect(shownOn(true, (progress) => progress.show(300, undefined))).toContain("Importing 300");
});

it("no progress is written to anything but a terminal", () => {
  expect(shownOn(false, all)).toBe("");
});
