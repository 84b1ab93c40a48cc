import { seedDemo } from "../../src/demo/seed-demo.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { subscriptionClients } from "../support/subscription-client.js";
import { answerLike, type Block, blocksOf, readDoc } from "./markdown.js";

const blocks = blocksOf(readDoc("docs/graphql.md"));
const examples = blocks.filter(({ language }) => ["graphql", "http"].includes(language));

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  await seedDemo(gateway.dataSource);
  key = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

/** Sends a request as the document prints it, with a real key in place of the placeholder. */
async function send(printed: string): Promise<unknown> {
  const [head = "", body = ""] = printed.split(/\n\n/s);
  const [line = "", ...headers] = head.split("\n");
  const [method, path = ""] = line.split(" ");
  const response = await fetch(gateway.url + path, {
    method,
    headers: headers.map((header) => header.replace("…", key).split(": ") as [string, string]),
    body,
  });
  return response.json();
}

async function follow(document: string): Promise<unknown> {
  const client = subscriptionClients.WEB_SOCKET(gateway.url, key);
  const told = await client.subscribe(document).next();
  client.dispose();
  return told;
}

async function answerTo({ language, text }: Block): Promise<unknown> {
  if (language === "http") return send(text);
  if (text.startsWith("subscription")) return follow(text);
  const { data, errors } = await gateway.ask(key, text);
  return { errors, data };
}

it.each(examples.map((example, index) => ({ example, index })))(
  "example $index of docs/graphql.md returns the printed result",
  async ({ example }) => {
    const printed = blocks[blocks.indexOf(example) + 1];
    expect(printed?.language).toBe("json");
    const answer = { ...((await answerTo(example)) as { extensions?: unknown }) };
    delete answer.extensions;
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answerLike(printed?.text ?? ""));
  },
);

it("docs/graphql.md has an example of every operation", () => {
  expect(examples.length).toBeGreaterThanOrEqual(10);
});

it("docs/graphql.md quotes the example client", () => {
  const quotes = blocks.filter(({ language }) => language === "ts").map(({ text }) => text);
  const sources = ["codegen.ts", "gateway.ts"].map((name) =>
    withoutIndents(readDoc(`examples/presence-client/${name}`)),
  );
  expect(quotes).toHaveLength(2);
  for (const quote of quotes) {
    expect(sources.some((source) => source.includes(withoutIndents(quote)))).toBe(true);
  }
});

const withoutIndents = (text: string) => text.replaceAll(/\s+/g, " ").trim();
