import fc from "fast-check";
import { fromGlobalId, nodeTypes, toGlobalId } from "../../src/domain/global-id.js";

const types = fc.constantFrom(...nodeTypes);
const keys = fc.bigInt({ min: 1n, max: 999_999_999_999_999_999n }).map(String);

const inBase64 = (text: string): string => Buffer.from(text).toString("base64url");

it("a global id decodes to its type and key", () => {
  fc.assert(
    fc.property(types, keys, (type, key) => {
      expect(fromGlobalId(toGlobalId(type, key))).toEqual({ type, key });
    }),
  );
});

it("a global id is unique and URL-safe", () => {
  fc.assert(
    fc.property(types, keys, types, keys, (typeA, keyA, typeB, keyB) => {
      const [a, b] = [toGlobalId(typeA, keyA), toGlobalId(typeB, keyB)];
      expect(a === b).toBe(typeA === typeB && keyA === keyB);
      expect(a).toMatch(/^[A-Za-z0-9_-]+$/);
    }),
  );
});

it.each([
  ["nothing", ""],
  ["another type", inBase64("Secret:1")],
  ["no key", inBase64("User:")],
  ["no type", inBase64(":1")],
  ["key zero", inBase64("User:0")],
  ["a negative key", inBase64("User:-1")],
  ["leading zeros", inBase64("User:01")],
  ["a key beyond 63 bits", inBase64("User:9999999999999999999")],
  ["something after it", inBase64("User:1;")],
  ["a line after it", inBase64("User:1\n")],
  ["padding", `${inBase64("User:1")}=`],
  ["other characters in between", `VXNl*${inBase64("User:1").slice(4)}`],
  ["plain text", "User:1"],
  ["the name of something inherited", inBase64("constructor:1")],
])("%s is not a global id", (_, id) => {
  expect(fromGlobalId(id)).toBeNull();
});

it("decoding any other text returns null, never an error", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.base64String(),
    fc.string({ unit: "binary" }).map(inBase64),
    fc.tuple(types, fc.string({ unit: "binary" })).map(([type, key]) => inBase64(`${type}:${key}`)),
  );
  fc.assert(
    fc.property(anything, (id) => {
      const parsed = fromGlobalId(id);
      if (parsed) expect(toGlobalId(parsed.type, parsed.key)).toBe(id);
      else expect(parsed).toBeNull();
    }),
    { numRuns: 2000 },
  );
});
