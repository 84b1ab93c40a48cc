import type { Dialect } from "./dialect.js";
import { jtel } from "./jtel/index.js";

/** The old REST APIs that Rollcall speaks. */
export const dialects: readonly Dialect[] = [jtel];
