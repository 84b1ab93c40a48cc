const net = require("node:net");
const perfHooks = require("node:perf_hooks");
const vm = require("node:vm");
const { TestEnvironment } = require("jest-environment-node");

// Jest compiles every module again for every test file: 1,300 for a gateway, which takes longer than starting it.
// Here a script is compiled once in each worker and runs in the context of each file. The source is compared, because
// the file may change in watch mode.
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

// Performance observers and monitors stay active after a test file has ended and retain everything that the file has
// loaded: about ten megabytes each, which slows every later garbage collection.
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

// After 250 ms, Node treats the first address of localhost as unreachable and tries the next one, where no server
// listens: on a machine that stalls for that long the connection would fail.
net.setDefaultAutoSelectFamilyAttemptTimeout(60_000);

module.exports = class extends TestEnvironment {
  async teardown() {
    for (const stop of measuring) stop();
    measuring.clear();
    await super.teardown();
  }
};
