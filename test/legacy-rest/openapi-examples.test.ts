import { Ajv2020 } from "ajv/dist/2020.js";
import { readDoc } from "../docs/markdown.js";

interface Schema {
  readonly examples?: readonly unknown[];
}

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly tags: readonly string[];
  readonly operationId: string;
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

const { paths } = JSON.parse(readDoc("openapi.json")) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

/** Every body of the document, of requests and responses. */
const bodies = Object.values(paths)
  .flatMap((methods) => Object.values(methods))
  .flatMap(({ tags: [dialect], operationId, requestBody = {}, responses }) =>
    Object.entries({ request: requestBody, ...responses }).flatMap(([place, { content = {} }]) =>
      Object.entries(content).map(([type, { schema }]) => ({
        dialect,
        name: `${operationId} ${place} ${type}`,
        schema,
      })),
    ),
  );

it("every body of Rocket.Chat has an example", () => {
  const ours = bodies.filter(({ dialect }) => dialect === "Rocket.Chat");
  expect(ours.length).toBeGreaterThan(100);
  expect(ours.filter(({ schema }) => !schema.examples?.length).map(({ name }) => name)).toEqual([]);
});

it("the examples of all bodies match their schemas", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false });
  const unfit = bodies.flatMap(({ name, schema }) =>
    (schema.examples ?? [])
      .filter((example) => !ajv.validate(schema, example))
      .map((example) => `${name}: ${JSON.stringify(example)}`),
  );
  expect(unfit).toEqual([]);
});
