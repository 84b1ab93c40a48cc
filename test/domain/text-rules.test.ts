import fc from "fast-check";
import type { z } from "zod";
import * as text from "../../src/domain/text-rules.js";

const long = (length: number): string => "x".repeat(length);

/** Per rule: values that it accepts unchanged, and values that it refuses. */
const rules: Record<string, { rule: z.ZodType; good: unknown[]; bad: unknown[] }> = {
  username: {
    rule: text.username,
    good: ["a", "john.doe", "J_D-2@example.org", "a+b", long(64)],
    bad: ["", " ", "john doe", "jörg", "a\n", "a\u0000", "a/b", "<b>", long(65), 7, null],
  },
  namePart: {
    rule: text.namePart,
    good: [
      "Ana",
      "O'Neill-Smith",
      "Жанна",
      "王小明",
      "محمد",
      "Nguyễn Thị",
      "José\u0301",
      "👩‍💻",
      long(100),
    ],
    bad: [
      "",
      " ",
      "\t",
      "a\u0000b",
      "a\nb",
      "a\u001bb",
      "a\u007fb",
      "a\u0085b",
      "a\ud800",
      long(101),
    ],
  },
  freeText: {
    rule: text.freeText,
    good: ["Until the end of the week; ask “Ines” – 100 %", long(500)],
    bad: ["", "   ", "two\nlines", "a\u0000", "\udc00", long(501)],
  },
  label: {
    rule: text.label,
    good: ["Pause", "ticketid|105792", "配置", long(100)],
    bad: ["", " ", "a\tb", "\u0000", "\ud83d", long(101)],
  },
  email: {
    rule: text.email,
    good: ["a@example.org", "first.last+tag@sub.example.co.uk"],
    bad: [
      "",
      "a",
      "a@",
      "@example.org",
      "a b@example.org",
      "a@example",
      "a@example.org\n",
      "a\u0000@example.org",
      `${long(250)}@example.org`,
    ],
  },
  telephone: {
    rule: text.telephone,
    good: ["+31201234567", "+12", "+123456789012345"],
    bad: [
      "",
      "+",
      "0201234567",
      "+0201234567",
      "+31 20 1234567",
      "+1234567890123456",
      "+31x",
      "+1\n",
    ],
  },
  language: {
    rule: text.language,
    good: ["en", "nds", "pt-BR"],
    bad: ["", "EN", "english", "pt_BR", "pt-br", "en\n"],
  },
  dateFormat: {
    rule: text.dateFormat,
    good: ["en_GB", "iso"],
    bad: ["", "ISO", "en-GB", "en", "isoo", "en_GB "],
  },
  campaignName: {
    rule: text.campaignName,
    good: ["Spring_2030-a", long(100)],
    bad: ["", "a b", "é", "a.b", "a\n", long(101)],
  },
  kpiName: {
    rule: text.kpiName,
    good: ["CALLS_Answered", long(100)],
    bad: ["", "calls2", "a b", "a-b", long(101)],
  },
  kpiOption: {
    rule: text.kpiOption,
    good: ["", "7d", "Today", long(100)],
    bad: [" ", "a_b", "a-b", "a\n", long(101)],
  },
  tabId: {
    rule: text.tabId,
    good: ["tab_1", long(100)],
    bad: ["", "a-b", "a b", "a\u0000", long(101)],
  },
  color: {
    rule: text.color,
    good: ["#2e7d32", "#FFFFFF"],
    bad: ["", "2e7d32", "#fff", "red", "#2e7d3g", "#2e7d321"],
  },
  password: {
    rule: text.password,
    good: [long(10), " correct horse ", "пароль-пароль", long(200)],
    bad: ["", long(9), long(201)],
  },
  int32: {
    rule: text.int32,
    good: [1, 2_147_483_647],
    bad: [0, -1, 1.5, 2_147_483_648, "1", Number.NaN, Number.POSITIVE_INFINITY],
  },
};

const cases = (kind: "good" | "bad") =>
  Object.entries(rules).flatMap(([name, { rule, ...values }]) =>
    values[kind].map((value) => [name, value, rule] as const),
  );

it.each(cases("good"))("%s accepts %j unchanged", (_, value, rule) => {
  expect(rule.parse(value)).toBe(value);
});

it.each(cases("bad"))("%s refuses %j", (_, value, rule) => {
  expect(rule.safeParse(value).success).toBe(false);
});

it("a refused text has a message for the caller", () => {
  const messages = (rule: z.ZodType, value: unknown) =>
    rule.safeParse(value).error?.issues.map(({ message }) => message);
  expect(messages(text.telephone, "020")).toEqual(["must be an E.164 number such as +31201234567"]);
  expect(messages(text.namePart, "a\u0000b")).toEqual(["must not contain control characters"]);
});

it("a name is trimmed", () => {
  expect(text.namePart.parse("  Ana María\t")).toBe("Ana María");
});

it.each(["namePart", "label", "freeText"])("%s accepts only what Postgres can store", (name) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map(toUnit) }), (value) => {
      const parsed = rules[name]?.rule.safeParse(value);
      if (!parsed?.success) return;
      const taken = parsed.data as string;
      expect(taken).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      expect(Buffer.from(taken).toString()).toBe(taken);
    }),
    { numRuns: 1000 },
  );
});

/** Any UTF-16 unit, mostly from ranges with special rules. */
function toUnit(code: number): string {
  const places = [0x0000, 0xd800, 0xdc00, 0x2000, 0x0080];
  return String.fromCharCode(code % 2 === 0 ? code : (places[code % 5] ?? 0) + (code % 64));
}
