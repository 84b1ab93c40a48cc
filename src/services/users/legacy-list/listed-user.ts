import { Presence } from "../../../entities/presence.entity.js";
import { Status } from "../../../entities/status.entity.js";
import { UserSettings } from "../../../entities/user-settings.entity.js";
import { User } from "../../../entities/user.entity.js";
import type { Reader } from "../../../database/reader.js";
import { FULL_USERS, type FullUserSelection, withSettings } from "./full-user.js";

interface Parts {
  readonly user: User;
  readonly presence: Presence;
  /** The one in effect. */
  readonly status: Status;
  readonly settings: UserSettings;
}
type Part = keyof Parts;

/** What a list tells of people. It should be little: each column costs a list of everybody time and memory. */
export type ListedColumns = { readonly [P in Part]: readonly (keyof Parts[P] & string)[] };

/** A person with these columns; any `Person` will do for one. */
export type ListedUser<Columns extends ListedColumns> = {
  readonly [P in Part]: Pick<Parts[P], Extract<Columns[P][number], keyof Parts[P]>>;
};

/** Where the parts are in the statement. */
const places = {
  user: [User, "u"],
  presence: [Presence, "p"],
  status: [Status, "t"],
  settings: [UserSettings, "s"],
} as const;

export function listedSelection<Columns extends ListedColumns>(
  reader: Reader,
  columns: Columns,
  people = FULL_USERS,
): FullUserSelection<readonly unknown[], ListedUser<Columns>> {
  const parts = (Object.keys(places) as Part[]).map((part) => {
    const names: readonly string[] = columns[part];
    const [entity, alias] = places[part];
    const table = reader.table<object>(entity);
    const list = names.map((name) => `${alias}.${table.column(name as never)} AS ${alias}_${name}`);
    return { part, names, list };
  });
  return {
    select: `SELECT ${parts.flatMap(({ list }) => list).join(", ")} FROM ${withSettings(people)}`,
    rowMode: "array",
    toPerson: (row) => {
      const person: Record<string, object> = {};
      let i = 0;
      for (const { part, names } of parts) {
        const values: Record<string, unknown> = {};
        for (const name of names) values[name] = row[i++];
        person[part] = values;
      }
      return person as unknown as ListedUser<Columns>;
    },
  };
}
