import type { Permission } from "../domain/vocabulary.js";

/** One user of the demo contact centre. Omitted properties are derived: see user-rows.ts. */
export interface DemoUser {
  readonly username: string;
  /** First name and last name; a company has a last name only. */
  readonly name: readonly [string | null, string | null];
  /** Determines the language, the date format and the country of the telephone. */
  readonly locale: string;
  readonly dateFormat?: "iso";
  readonly telephone?: null;
  readonly emailVerified?: false;
  readonly active?: false;
  readonly permissions?: readonly Permission[];
  /** The ids printed in the documents of the legacy systems; other users get generated ones. */
  readonly clientexecId?: number;
  readonly rocketChatId?: string;
  readonly jtelUid?: string;
}
