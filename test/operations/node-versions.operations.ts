import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, BUILD_MS, root } from "../process/gateway-process.js";
import { createEmptyDatabase } from "../support/database.js";
import { makeTempDir } from "../support/temp-dir.js";
import { askEveryDoor } from "./every-door.js";
import { killPrograms, run, startProgram } from "./programs.js";

const ADMIN_KEY = "key-of-the-operator-0123456789abcdefghijk";
const OTHERS = ["22.23.3", "24.21.0"];

const directory = makeTempDir();

beforeAll(build, BUILD_MS);
afterAll(() => {
  killPrograms();
  rmSync(directory, { recursive: true, force: true });
});

/** Installs a version of Node from the registry, for this platform. */
async function nodeOf(version: string): Promise<string> {
  const prefix = join(directory, version);
  mkdirSync(prefix);
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  await run("npm", [
    "install",
    "--prefix",
    prefix,
    "--ignore-scripts",
    "--no-save",
    `${name}@${version}`,
  ]);
  return join(prefix, "node_modules", name, "bin", "node");
}

it.each([process.versions.node, ...OTHERS])(
  "the gateway answers at every API and stops on Node %s",
  async (version) => {
    const command = version === process.versions.node ? process.execPath : await nodeOf(version);
    expect((await run(command, ["--version"])).stdout).toBe(`v${version}\n`);
    const gateway = await startProgram({
      command,
      parameters: [join(root, "dist", "src", "main.js")],
      cwd: root,
      environment: {
        DATABASE_URL: await createEmptyDatabase(`rollcall_on_node_${version.split(".")[0]}`),
        ROLLCALL_ADMIN_KEY: ADMIN_KEY,
        LOG_LEVEL: "error",
      },
    });
    await askEveryDoor(gateway.url, ADMIN_KEY);
    expect(await gateway.stop()).toBe(0);
  },
);
