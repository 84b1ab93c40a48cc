import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRouter } from "../../../src/legacy-rest/router.js";
import { omnidesk } from "../../../src/legacy-rest/omnidesk/index.js";
import { omnideskRoutes } from "../../../src/legacy-rest/omnidesk/routes.js";
import { FORM, type OmnideskDoor, startOmnidesk } from "./client.js";

const page = readFileSync(join(__dirname, "../../../docs/legacy/omnidesk.md"), "utf8");

interface Command {
  readonly text: string;
  readonly method: string;
  /** The path below the base path. */
  readonly path: string;
  readonly type: string;
  readonly body: string | undefined;
}

/** Parses a command as a shell and curl do, with the syntax that the page uses. */
function commandOf(text: string): Command {
  const words = [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
  const after = (option: string) => words[words.indexOf(option) + 1];
  const has = (option: string) => words.includes(option);
  const type = words.find((word) => word.startsWith("Content-Type: "));
  return {
    text,
    method: (has("-X") ? after("-X") : undefined) ?? "GET",
    path: words.find((word) => word.startsWith("$BASE"))?.slice("$BASE/api/v2/user".length) ?? "",
    type: type?.slice("Content-Type: ".length) ?? FORM,
    body: has("-d") ? after("-d") : undefined,
  };
}

const commands = [...page.matchAll(/^curl .*$/gm)].map(([line]) => commandOf(line));

let door: OmnideskDoor;
let anybodysKey: string;
beforeAll(async () => {
  door = await startOmnidesk();
  // Like the key that the demo prints, it belongs to no user.
  anybodysKey = await door.gateway.givenKey("ADMIN");
});
afterAll(() => door.gateway.stop());

it.each(commands.map((command) => [command.text, command] as const))(
  "the example of docs/legacy/omnidesk.md works: %s",
  async (text, { method, path, type, body }) => {
    expect(text).toContain(`-H "apiKey: $KEY"`);
    const request = body === undefined ? {} : { type, body };
    expect(await door.send(method, path, { ...request, key: anybodysKey })).toMatchObject({
      status: 200,
    });
  },
);

it("docs/legacy/omnidesk.md shows every endpoint", () => {
  const match = createRouter(omnidesk);
  const shown = commands.map(({ method, path }) => {
    const found = match(method, path.split("?", 1)[0] ?? "");
    return found && "route" in found ? found.route : null;
  });
  expect(omnideskRoutes.filter((route) => !shown.includes(route))).toEqual([]);
});

it("docs/legacy/omnidesk.md shows the complete record", async () => {
  const [, shown = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const { body } = await door.send("GET", "?query=soren.kjaer");
  const [record] = body.items as [object];
  const withoutTimes = (value: object) =>
    JSON.parse(JSON.stringify(value).replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")) as object;
  expect(withoutTimes(record)).toEqual(withoutTimes(JSON.parse(shown) as object));
});
