import { customers } from "./customers.js";
import { staff } from "./staff.js";

/** Every staff user can log in with it. */
export const DEMO_PASSWORD = "correct-horse-battery";

/** Numbered in this order. */
export const demoUsers = [...staff, ...customers] as const;

export type DemoUsername = (typeof demoUsers)[number]["username"];
