import { clientexec } from "./clientexec/index.js";
import type { Dialect } from "./dialect.js";
import { jtel } from "./jtel/index.js";
import { omnidesk } from "./omnidesk/index.js";
import { rocketChat } from "./rocket-chat/index.js";

/** The legacy REST APIs. */
export const dialects: readonly Dialect[] = [clientexec, rocketChat, jtel, omnidesk];
