// node -r ./test/support/register-typescript.cjs <file.ts>: runs a source without a build, compiled as in the tests.
require("./resolve-typescript.cjs");
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { transformSync } = require("@swc/core");
const jestConfig = require("../../jest.config.cjs");

const [, swcOptions] = jestConfig.transform["\\.ts$"];
Module._extensions[".ts"] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), {
    ...swcOptions,
    filename,
    swcrc: false,
  });
  module._compile(code, filename);
};
