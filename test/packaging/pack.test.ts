import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, BUILD_MS, root } from "../process/gateway-process.js";

let packed: string[];

beforeAll(async () => {
  await build();
  // Runs no scripts: the build exists already.
  const npm = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", npm, { cwd: root });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  packed = files.map(({ path }) => path);
}, BUILD_MS);

const filesBelow = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name));

describe("the package", () => {
  it("the package contains compiled code, pages and contracts", () => {
    const compiled = ["src", "migrations"].flatMap((folder) =>
      filesBelow(folder, /\.ts$/).map((name) => join("dist", name.replace(/ts$/, "js"))),
    );
    const wanted = [
      ...compiled,
      ...filesBelow("browser", /\.css$/),
      ...filesBelow("browser", /(?<!\.d)\.ts$/).map((name) =>
        join("dist", name.replace(/ts$/, "js")),
      ),
      ...["package.json", "README.md", "LICENSE", "CHANGELOG.md"],
      ...["introspection.json", "openapi.json", "schema.graphql"],
    ];
    expect(wanted.filter((name) => !packed.includes(name))).toEqual([]);
    expect(compiled.length).toBeGreaterThan(100);
  });

  it("the package contains no sources, tests, settings or data", () => {
    const allowed =
      /^(dist\/(browser|src|migrations)\/.+\.js|browser\/.+\.css|docs\/.+\.md|(README|CHANGELOG)\.md|LICENSE|(introspection|openapi|package)\.json|schema\.graphql)$/;
    expect(packed.filter((name) => !allowed.test(name))).toEqual([]);
  });
});
