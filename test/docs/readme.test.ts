import { DEMO_PASSWORD } from "../../src/demo/users.js";
import {
  build,
  BUILD_MS,
  cleanUp,
  type GatewayProcess,
  givenDataDir,
  start,
} from "../process/gateway-process.js";
import {
  answerLike,
  type Block,
  blocksOf,
  patternOf,
  readDoc,
  sectionOf,
  tableIn,
} from "./markdown.js";
import { paste } from "./shell-session.js";

const readme = readDoc("README.md");
const blocks = blocksOf(readme);
const commands = blocks.filter(({ language }) => language === "sh");

/** The block below a command: the output of the command. */
const printedBelow = (command: Block) => blocks[blocks.indexOf(command) + 1];

let gateway: GatewayProcess;
let outputs: string[];

beforeAll(async () => {
  await build();
  gateway = await start({ ROLLCALL_DATA_DIR: givenDataDir() });
  outputs = await paste(commands.map(({ text }) => asRun(text)));
}, BUILD_MS);
afterAll(cleanUp);

const nameOf = ({ text }: Block) => text.replaceAll(/\s+/g, " ").slice(0, 60).trim();

/** Replaces the port and the placeholder of the key by those of this run. */
const asRun = (text: string) =>
  onThisPort(text).replaceAll("rollcall_key_…", gateway.demoKey ?? "");
const onThisPort = (text: string) => text.replaceAll("http://localhost:4000", gateway.url);

it("the README shows the output of npm start", () => {
  const banner = blocks.find(({ language }) => language === "text")?.text ?? "";
  const printed = /^Rollcall is ready.*\n( +.*\n)+/m.exec(gateway.output())?.[0];
  expect(printed).toMatch(patternOf(onThisPort(banner)));
});

it.each(commands.map((command, index) => ({ command, index, name: nameOf(command) })))(
  "the README's command $name returns the printed output",
  ({ command, index }) => {
    const below = printedBelow(command);
    if (below?.language === "json") {
      const answer = JSON.parse(outputs[index] ?? "") as { extensions?: unknown };
      // Only the section about costs prints the cost of a response.
      if (!below.text.includes(`"cost"`)) delete answer.extensions;
      expect(answer).toEqual(answerLike(below.text));
    } else {
      expect(outputs[index]?.trim()).toMatch(/^(npm (start|test))?$/);
    }
  },
);

it("the README prints a result for every query", () => {
  const queries = commands.filter(({ text }) => /^(ask|curl) /.test(text));
  const answers = blocks.filter(({ language }) => language === "json");
  expect(queries.length).toBeGreaterThanOrEqual(6);
  expect(answers).toHaveLength(queries.length);
});

it("the README's demo logins work with their permissions", async () => {
  const rows = tableIn(sectionOf(readme, "Signing in as a user"));
  for (const [username, permissions = ""] of rows) {
    const { data } = await gateway.ask(
      null,
      `mutation { login(input: { user: "${username}", password: "${DEMO_PASSWORD}" }) { user { username permissions } } }`,
    );
    const held = permissions.startsWith("none") ? [] : permissions.split(", ");
    expect(data).toEqual({ login: { user: { username, permissions: held } } });
  }
  expect(readme).toContain(`\`${DEMO_PASSWORD}\``);
});

it("the README's endpoints exist", async () => {
  const answerAt = async (path: string) => (await fetch(gateway.url + path)).text();
  const nobodys = await answerAt("/nobody-is-here");
  const paths = tableIn(sectionOf(readme, "Endpoints")).flatMap(([cell = ""]) => cell.split(", "));
  for (const path of paths) {
    expect({ path, answer: await answerAt(path) }).not.toEqual({ path, answer: nobodys });
  }
  expect(paths.length).toBeGreaterThanOrEqual(3);
});
