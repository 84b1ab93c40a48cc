import type { Permission } from "../domain/vocabulary.js";

/** One person of the demo contact centre. What is left out follows from the rest: see user-rows.ts. */
export interface DemoPerson {
  readonly username: string;
  /** First name and last name; a company has only the last. */
  readonly name: readonly [string | null, string | null];
  /** Gives the language, the date format and the country of the telephone. */
  readonly locale: string;
  readonly dateFormat?: "iso";
  readonly telephone?: null;
  readonly emailVerified?: false;
  readonly active?: false;
  readonly permissions?: readonly Permission[];
  /** The ids that the documents of the old systems print; everybody else is given one. */
  readonly clientexecId?: number;
  readonly rocketChatId?: string;
  readonly jtelUid?: string;
}
