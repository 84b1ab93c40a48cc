// Sources import each other as "./x.js", the name of the compiled file. Jest's moduleNameMapper resolves these names
// in tests, but not in its global setup and in child processes; this hook does it for every require.
const Module = require("node:module");

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  try {
    return resolveFilename.call(this, request, ...rest);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND" || !/^\.{1,2}\/.*\.js$/.test(request)) throw error;
    return resolveFilename.call(this, request.replace(/\.js$/, ".ts"), ...rest);
  }
};
