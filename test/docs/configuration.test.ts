import { environmentSchema, loadConfig } from "../../src/config/schema.js";
import { readDoc, sectionOf, tableIn } from "./markdown.js";

interface Entry {
  readonly meaning: string;
  readonly name: string;
  readonly value: string;
}

/** Each variable follows the line that describes it. */
const entries = [...readDoc(".env.example").matchAll(/^# (.+)\n([A-Z_]+)=(.*)$/gm)].map(
  ([, meaning = "", name = "", value = ""]): Entry => ({ meaning, name, value }),
);

describe(".env.example", () => {
  it(".env.example lists exactly the variables that are read", () => {
    expect(entries.map(({ name }) => name)).toEqual(Object.keys(environmentSchema.shape));
  });

  it(".env.example gives every variable its default", () => {
    const environment = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
    expect(loadConfig(environment)).toEqual(loadConfig({}));

    const written = entries.filter(({ value }) => value !== "").map(({ name }) => name);
    expect(written).toEqual(Object.keys(environmentSchema.parse({})));
  });
});

it("the README's table of settings equals .env.example", () => {
  const rows = tableIn(sectionOf(readDoc("README.md"), "Configuration"));
  expect(rows).toEqual(entries.map(({ name, value, meaning }) => [name, value, meaning]));
});
