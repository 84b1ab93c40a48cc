import { readDoc } from "../docs/markdown.js";

it("the glossary defines at most ten words, in alphabetical order", () => {
  const words = [...readDoc("docs/glossary.md").matchAll(/^- \*\*(\w+)\*\*: /gm)].map(
    ([, word]) => word,
  );
  expect(words).toContain("claim");
  expect(words.length).toBeLessThanOrEqual(10);
  expect(words).toEqual([...words].sort());
});
