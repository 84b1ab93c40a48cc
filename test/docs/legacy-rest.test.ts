import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadConfig } from "../../src/config/schema.js";
import { DEMO_PASSWORD } from "../../src/demo/users.js";
import { seedDemo } from "../../src/demo/seed-demo.js";
import { dialects } from "../../src/legacy-rest/index.js";
import { createRouter } from "../../src/legacy-rest/router.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";

const run = promisify(execFile);
const { legacy } = loadConfig({});

const docs = join(__dirname, "..", "..", "docs");
const pages = [
  join(docs, "legacy-rest.md"),
  ...readdirSync(join(docs, "legacy")).map((name) => join(docs, "legacy", name)),
].map((file) => readFileSync(file, "utf8"));

/** Every command of the pages' shell blocks. A backslash at the end of a line continues it. */
const commands = [...pages.join("\n").matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block = ""]) => block.replaceAll("\\\n", " ").split("\n"))
  .map((line) => line.trim())
  .filter((line) => line.startsWith("curl "));

let gateway: TestGateway;
let environment: Record<string, string>;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  const admin = await gateway.givenKey("ADMIN");
  const { data } = await gateway.ask(
    admin,
    `mutation ($password: String!) {
       createApiKey(input: { name: "page", permissions: [ADMIN], owner: { username: "ines.moreau" } }) { secret }
       login(input: { user: "john.doe", password: $password }) { token user { externalIds { system id } } }
     }`,
    { password: DEMO_PASSWORD },
  );
  const { createApiKey, login } = data as {
    createApiKey: { secret: string };
    login: { token: string; user: { externalIds: { system: string; id: string }[] } };
  };
  const ids = login.user.externalIds;
  environment = {
    BASE: gateway.url,
    KEY: createApiKey.secret,
    TOKEN: login.token,
    USER_ID: ids.find(({ system }) => system === "ROCKET_CHAT")?.id ?? "",
    PASSWORD: DEMO_PASSWORD,
  };
});
afterAll(() => gateway.stop());

it.each(commands)("the documented command works: %s", async (command) => {
  const { stdout } = await run("bash", ["-c", `${command} -sS -w '\\n%{http_code}'`], {
    env: { PATH: process.env.PATH ?? "", ...environment },
  });
  expect(stdout.trim().split("\n").at(-1)).toBe("200");
});

/** The method and the path of a command, as curl reads them. */
function targetOf(command: string): { method: string; path: string } {
  const [, path = ""] = /\$BASE(\/[^\s"'?]*)/.exec(command) ?? [];
  const [, method] = /-X\s*([A-Z]+)/.exec(command) ?? [];
  const sendsBody = /\s(-d|--data\S*|-F|--form)\s/.test(command);
  return { method: method ?? (sendsBody ? "POST" : "GET"), path };
}

const routes = dialects.flatMap((dialect) =>
  dialect.routes.map(
    (route) => [`${dialect.title} ${route.method} ${route.path}`, dialect, route] as const,
  ),
);

it.each(routes)("the pages show %s", (_name, dialect, route) => {
  const match = createRouter(dialect);
  const basePath = dialect.basePath(legacy) ?? "";
  const shown = commands.map(targetOf).some(({ method, path }) => {
    if (!path.startsWith(basePath)) return false;
    const found = match(method, path.slice(basePath.length));
    return found !== null && "route" in found && found.route === route;
  });
  expect(shown).toBe(true);
});
