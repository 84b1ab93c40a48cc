const net = require("node:net");
const perfHooks = require("node:perf_hooks");
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

// What measures the process goes on measuring when a file of tests has ended, and with it everything that the file had
// loaded would stay: some ten megabytes each, which the next ones would have to look through whenever they collect garbage.
const measuring = new Set();

const { observe } = perfHooks.PerformanceObserver.prototype;
perfHooks.PerformanceObserver.prototype.observe = function (...options) {
  measuring.add(() => this.disconnect());
  return observe.apply(this, options);
};

const { monitorEventLoopDelay } = perfHooks;
perfHooks.monitorEventLoopDelay = (options) => {
  const histogram = monitorEventLoopDelay(options);
  measuring.add(() => histogram.disable());
  return histogram;
};

// After 250 ms, Node takes the first of the addresses of localhost for unreachable and turns to the next one, where nobody
// listens: a machine that stands still for that long would refuse the connection.
net.setDefaultAutoSelectFamilyAttemptTimeout(60_000);

module.exports = class extends TestEnvironment {
  async teardown() {
    for (const stop of measuring) stop();
    measuring.clear();
    await super.teardown();
  }
};
