import { rmSync } from "node:fs";
import { join } from "node:path";
import { readDoc } from "../docs/markdown.js";
import { root } from "../process/gateway-process.js";
import { startTestGateway } from "../support/gateway.js";
import { makeTempDir } from "../support/temp-dir.js";
import { run } from "./programs.js";

const prefix = makeTempDir();
afterAll(() => rmSync(prefix, { recursive: true, force: true }));

it("every way to start the command that docs/cli.md names works", async () => {
  const [, ofNpm = "", link = ""] =
    /`(npm run rollcall -- [^`]+)` builds first; `(npm link)` puts/.exec(readDoc("docs/cli.md")) ??
    [];
  const gateway = await startTestGateway();
  const { PATH = "", HOME = "" } = process.env;
  const env = {
    PATH: `${join(prefix, "bin")}:${PATH}`,
    HOME,
    npm_config_prefix: prefix,
    ROLLCALL_URL: gateway.url,
    ROLLCALL_KEY: await gateway.givenKey("USER_READ"),
  };
  const shell = (line: string) => run("sh", ["-ec", line], { cwd: root, env });
  expect((await shell(ofNpm)).stdout).toContain("USERNAME");
  await shell(link);
  expect((await shell("command -v rollcall; rollcall --help")).stdout).toContain(
    `${join(prefix, "bin", "rollcall")}\nUsage: rollcall`,
  );
  await gateway.stop();
});
