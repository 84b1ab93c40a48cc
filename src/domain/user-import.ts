import type { ImportDirectory, ImportedUser } from "./import-directory.js";
import type {
  ExternalSystem,
  ImportMatch,
  ImportMode,
  LivechatRole,
  UserKind,
} from "./vocabulary.js";

/** A user as a legacy system describes them. An omitted property is unknown there. */
export interface ImportRow {
  readonly externalIds: readonly { system: ExternalSystem; id: string; uid?: string | null }[];
  readonly username?: string | null;
  readonly firstname?: string | null;
  readonly lastname?: string | null;
  readonly email?: string | null;
  readonly telephone?: string | null;
  readonly language?: string | null;
  readonly dateFormat?: string | null;
  readonly kind?: UserKind | null;
  readonly active?: boolean | null;
  readonly roles?: readonly LivechatRole[] | null;
}

export interface ImportFault {
  readonly path: string;
  readonly message: string;
}

export type ImportDecision =
  | { readonly outcome: "CONFLICT" | "REFUSED"; readonly faults: readonly ImportFault[] }
  | {
      readonly outcome: "CREATED" | "MATCHED" | "UPDATED" | "UNCHANGED";
      readonly user: ImportedUser;
      readonly matchedBy: ImportMatch | null;
      /** Users whose generated ids are this user's in the legacy system. They get other ids. */
      readonly displaced: readonly ImportedUser[];
    };

const conflict = (path: string, message: string): ImportDecision => ({
  outcome: "CONFLICT",
  faults: [{ path, message }],
});

const isDecision = (found: object | null): found is ImportDecision =>
  found !== null && "outcome" in found;

/** Decides the outcome of a row and updates the directory. It never guesses: a row that matches two users is a conflict. */
export function decideImport(
  row: ImportRow,
  directory: ImportDirectory,
  mode: ImportMode,
): ImportDecision {
  const match = findMatch(row, directory);
  if (isDecision(match)) return match;
  const taken = takenByOthers(row, match?.user ?? null, directory, mode);
  if (taken) return taken;
  return match ? update(row, match, directory, mode) : create(row, directory);
}

interface Match {
  readonly user: ImportedUser;
  readonly by: ImportMatch;
}

/** The id of the legacy system is proof, the e-mail address comes next, and the username counts unless an address contradicts it. */
function findMatch(row: ImportRow, directory: ImportDirectory): Match | ImportDecision | null {
  const owners = row.externalIds
    .map(({ system, id }) => ({ system, user: directory.findById(system, id) }))
    .flatMap(({ system, user }) => (user?.importedFrom.has(system) ? [user] : []));
  const [owner] = owners;
  if (owners.some((other) => other !== owner)) {
    return conflict("externalIds", "belong to different users");
  }
  if (owner) return { user: owner, by: "ID" };

  const byEmail = row.email ? directory.findByEmail(row.email) : undefined;
  const byUsername = row.username ? directory.findByUsername(row.username) : undefined;
  if (byEmail && byUsername && byEmail !== byUsername) {
    return conflict(
      "email",
      `belongs to ${byEmail.username}, and the username to ${byUsername.username}`,
    );
  }
  if (byEmail) return { user: byEmail, by: "EMAIL" };
  if (!byUsername) return null;
  if (row.email && byUsername.email !== null) {
    return conflict("username", "belongs to a user with another e-mail address");
  }
  return { user: byUsername, by: "USERNAME" };
}

/** The conflict of a row that would take a value from another user; null without one. */
function takenByOthers(
  row: ImportRow,
  user: ImportedUser | null,
  directory: ImportDirectory,
  mode: ImportMode,
): ImportDecision | null {
  for (const { system, id, uid } of row.externalIds) {
    const own = user?.importedFrom.has(system) ? user.ids[system] : undefined;
    if (own !== undefined && own !== id) {
      return conflict("externalIds", `${user?.username} already has the ${system} id ${own}`);
    }
    const holder = uid ? directory.findByUid(uid) : undefined;
    if (holder && holder !== user && holder.importedFrom.has("JTEL")) {
      return conflict("externalIds", `the uid belongs to ${holder.username}`);
    }
  }
  const mayWriteEmail = user === null || user.email === null || mode === "REPLACE";
  const holder = row.email && mayWriteEmail ? directory.findByEmail(row.email) : undefined;
  if (holder && holder !== user) return conflict("email", `belongs to ${holder.username}`);
  if (user && !user.active && row.roles?.some((role) => !user.roles.includes(role))) {
    return conflict("roles", `${user.username} is deactivated`);
  }
  return null;
}

function create(row: ImportRow, directory: ImportDirectory): ImportDecision {
  const { username } = row;
  if (!username) {
    const message = "is required for a new user";
    return { outcome: "REFUSED", faults: [{ path: "username", message }] };
  }
  const user: ImportedUser = {
    key: null,
    username,
    firstname: row.firstname ?? null,
    lastname: row.lastname ?? null,
    email: row.email ?? null,
    telephone: row.telephone ?? null,
    language: row.language ?? "en",
    dateFormat: row.dateFormat ?? "en_GB",
    active: row.active ?? true,
    roles: row.active === false ? [] : [...(row.roles ?? [])],
    ids: {},
    jtelUid: undefined,
    importedFrom: new Set(),
  };
  const displaced = takeIds(row, user, directory).displaced;
  directory.add(user);
  return { outcome: "CREATED", user, matchedBy: null, displaced };
}

function update(
  row: ImportRow,
  { user, by }: Match,
  directory: ImportDirectory,
  mode: ImportMode,
): ImportDecision {
  const isProfileNew = takeProfile(row, user, directory, mode);
  const missing = (row.roles ?? []).filter((role) => !user.roles.includes(role));
  user.roles.push(...missing);
  const { isNew: areIdsNew, displaced } = takeIds(row, user, directory);
  const outcome =
    isProfileNew || missing.length > 0 ? "UPDATED" : areIdsNew ? "MATCHED" : "UNCHANGED";
  return { outcome, user, matchedBy: by, displaced };
}

/** Keeps the ids of the legacy system; a user with the same id, generated here, loses it. */
function takeIds(row: ImportRow, user: ImportedUser, directory: ImportDirectory) {
  const displaced = new Set<ImportedUser>();
  let isNew = false;
  for (const { system, id, uid } of row.externalIds) {
    if (user.ids[system] !== id || !user.importedFrom.has(system)) {
      const holder = directory.findById(system, id);
      if (holder && holder !== user) {
        directory.removeId(holder, system);
        displaced.add(holder);
      }
      directory.setId(user, system, id);
      isNew = true;
    }
    if (uid && user.jtelUid !== uid) {
      const holder = directory.findByUid(uid);
      if (holder && holder !== user) {
        directory.removeUid(holder);
        displaced.add(holder);
      }
      directory.setUid(user, uid);
      isNew = true;
    }
  }
  return { isNew, displaced: [...displaced] };
}

const fullName = ({ firstname, lastname }: Pick<ImportRow, "firstname" | "lastname">): string =>
  [firstname, lastname].filter(Boolean).join(" ");

/** Never changes the username, because the user signs in with it. */
function takeProfile(
  row: ImportRow,
  user: ImportedUser,
  directory: ImportDirectory,
  mode: ImportMode,
): boolean {
  let isNew = false;
  const mayWrite = (present: string | null) => present === null || mode === "REPLACE";
  // As a whole, because legacy systems split a name in other places.
  if (fullName(row) !== "" && fullName(row) !== fullName(user)) {
    if (fullName(user) === "" || mode === "REPLACE") {
      Object.assign(user, { firstname: row.firstname ?? null, lastname: row.lastname ?? null });
      isNew = true;
    }
  }
  if (row.email && row.email !== user.email && mayWrite(user.email)) {
    directory.setEmail(user, row.email);
    isNew = true;
  }
  for (const property of ["telephone", "language", "dateFormat"] as const) {
    const value = row[property];
    if (!value || value === user[property] || !mayWrite(user[property])) continue;
    user[property] = value;
    isNew = true;
  }
  return isNew;
}
