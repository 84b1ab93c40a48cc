import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { environmentSchema } from "../../src/config/schema.js";
import { readDoc, root, sectionOf, tableIn } from "./markdown.js";

const document = readDoc("docs/security.md");
const claims = [
  "graphql-cop checks",
  "WebSockets and event streams",
  "Overload and outages",
  "OWASP API Security Top 10 \\(2023\\)",
].flatMap((heading) =>
  tableIn(sectionOf(document, heading)).map((row) => row as [string, string, string]),
);

describe("docs/security.md", () => {
  it("docs/security.md has every check and every risk", () => {
    expect(claims.filter(([claim]) => claim.startsWith("API"))).toHaveLength(10);
    expect(claims.length).toBeGreaterThanOrEqual(23);
  });

  it.each(claims)("docs/security.md: %s: %s; the cited test exists", (_claim, _what, test) => {
    const [file = "", name = ""] = test.split(/: (.*)/s);
    expect(name).not.toBe("");
    const source = existsSync(join(root, file)) ? readDoc(file) : "";
    const quoted = ['"', "'", "`"].some((quote) => source.includes(`${quote}${name}`));
    expect([test, quoted]).toEqual([test, true]);
  });

  it("docs/security.md names existing settings", () => {
    const settings = tableIn(sectionOf(document, "Operation limits")).map(([, name]) => name);
    expect(Object.keys(environmentSchema.shape)).toEqual(expect.arrayContaining(settings));
  });
});

it("src sends no request to another server", () => {
  // Leaves out the command line: it is a client with a process of its own, and nothing else imports it.
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((name) => name.endsWith(".ts") && !name.startsWith("cli"))
    .map((name) => join("src", name));
  expect(sources.length).toBeGreaterThan(100);
  const asking =
    /(?:await|return) fetch\(|"node:https"|"node:http2"|"undici"|\brequest\b[^;]*from "node:http"/;
  expect(sources.filter((name) => asking.test(readDoc(name)))).toEqual([]);
  expect(sources.filter((name) => /"(?:\.\.?\/)+cli\//.test(readDoc(name)))).toEqual([]);
});
