const vm = require("node:vm");
const { TestEnvironment } = require("jest-environment-node");

// Jest compiles every module anew for every file of tests: 1,300 for a gateway, which takes longer than starting it.
// A script is compiled once in each worker and runs in the context of each file. The source is compared, since the file
// may have changed in watch mode.
const scripts = new Map();

function compileOnce(source, parameters, filename) {
  const known = scripts.get(filename);
  if (known?.source === source) return known.script;
  const head = `(function (${parameters.join(", ")}) {`;
  const script = new vm.Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
  scripts.set(filename, { source, script });
  return script;
}

const { compileFunction } = vm;

vm.compileFunction = (source, parameters, options) =>
  options?.parsingContext === undefined
    ? compileFunction(source, parameters, options)
    : compileOnce(source, parameters, options.filename).runInContext(options.parsingContext);

module.exports = TestEnvironment;
