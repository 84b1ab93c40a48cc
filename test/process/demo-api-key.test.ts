import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demoApiKey } from "../../src/demo/demo-api-key.js";
import { makeTempDir } from "../support/temp-dir.js";

const dataDir = makeTempDir();
const file = join(dataDir, "demo-api-key");

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const KEY = /^rollcall_key_[\w-]{43}$/;

it("is the same at every start, and only its owner may read it", () => {
  const key = demoApiKey(dataDir);
  expect(key).toMatch(KEY);
  expect(demoApiKey(dataDir)).toBe(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each(["", "\n", "rollcall_key_", "short"])(
  "is made anew when its file holds just %j",
  (text) => {
    writeFileSync(file, text);
    const key = demoApiKey(dataDir);
    expect(key).toMatch(KEY);
    expect(readFileSync(file, "utf8")).toBe(`${key}\n`);
  },
);
