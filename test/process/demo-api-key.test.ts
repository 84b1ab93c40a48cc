import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demoApiKey } from "../../src/demo/demo-api-key.js";
import { makeTempDir } from "../support/temp-dir.js";

const dataDir = makeTempDir();
const file = join(dataDir, "demo-api-key");

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const KEY = /^rollcall_key_[\w-]{43}$/;

it("the demo API key is the same at every start and readable by its owner only", () => {
  const key = demoApiKey(dataDir);
  expect(key).toMatch(KEY);
  expect(demoApiKey(dataDir)).toBe(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each(["", "\n", "rollcall_key_", "short"])(
  "the demo API key is recreated when its file holds only %j",
  (text) => {
    writeFileSync(file, text);
    const key = demoApiKey(dataDir);
    expect(key).toMatch(KEY);
    expect(readFileSync(file, "utf8")).toBe(`${key}\n`);
  },
);
