// Sources import each other as "./x.js", the name that they have once compiled. Jest's moduleNameMapper undoes that
// for tests, but not for its global setup and not for child processes; this does it for every require.
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
