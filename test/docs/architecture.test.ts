import { execFileSync } from "node:child_process";
import { readDoc, root, sectionOf, tableIn } from "./markdown.js";

const document = readDoc("docs/architecture.md");

it("docs/architecture.md prints the layers of scripts/layers.mjs", () => {
  const program = `import { layers } from "./scripts/layers.mjs"; console.log(JSON.stringify(layers));`;
  const json = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: root,
    encoding: "utf8",
  });
  const layers = JSON.parse(json) as Record<string, { is: string; imports: string[] }>;
  const rows = Object.entries(layers).map(([name, { is, imports }]) => [
    name,
    is.replaceAll("`", ""),
    imports.join(", ") || "nothing",
  ]);
  expect(tableIn(sectionOf(document, "Layers"))).toEqual(rows);
});

it("docs/architecture.md lists the lifecycle of a request in numbered steps", () => {
  const steps = tableIn(sectionOf(document, "Lifecycle of a request")).map(([step]) =>
    Number(step),
  );
  expect(steps.length).toBeGreaterThan(10);
  expect(steps).toEqual(steps.map((_, index) => index + 1));
});
