import { readOptions } from "../../bench/options.js";

it.each([
  [["--users", "0"], "--users must be a whole number from 1"],
  [["--users", "1e3"], '--users must be a whole number from 1 to 999999, not "1e3"'],
  [["--rounds", "-1"], "--rounds"],
  [["--sizes", "1000,many"], '--sizes must be a whole number from 1 to 999999, not "many"'],
  [["--fast"], "--fast"],
  [["everything"], "everything"],
  [
    ["--without", "speed"],
    '--without must be one of coalescing, pipelining, plans, columns, group-commit, not "speed"',
  ],
])("the benchmark refuses %j", (args, words) => {
  expect(() => readOptions(args)).toThrow(words);
});

it("the benchmark measures all servers and workloads on 100,000 users by default", () => {
  expect(readOptions([])).toMatchObject({ only: null, workloads: null, users: 100_000 });
  expect(readOptions(["--only", "rollcall, floor"]).only).toEqual(["rollcall", "floor"]);
});

it("the benchmark compares other checkouts, and builds without an optimisation", () => {
  expect(readOptions([])).toMatchObject({ compare: [], without: [] });
  const args = ["--compare", "../before,../other", "--without", "pipelining"];
  expect(readOptions(args)).toMatchObject({
    compare: ["../before", "../other"],
    without: ["pipelining"],
  });
});
