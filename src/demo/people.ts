import { customers } from "./customers.js";
import { staff } from "./staff.js";

/** Everybody on the staff list can sign in with it. */
export const DEMO_PASSWORD = "correct-horse-battery";

/** In this order they are numbered. */
export const demoPeople = [...staff, ...customers] as const;

export type DemoUsername = (typeof demoPeople)[number]["username"];
