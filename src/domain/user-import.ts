import type { ImportDirectory, ImportedUser } from "./import-directory.js";
import type {
  ExternalSystem,
  ImportMatch,
  ImportMode,
  LivechatRole,
  UserKind,
} from "./vocabulary.js";

/** Somebody as an old system knows them. What is left out, it does not know. */
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
      readonly person: ImportedUser;
      readonly matchedBy: ImportMatch | null;
      /** Whose ids, made here, were this person's in the old system. They get others. */
      readonly gaveWay: readonly ImportedUser[];
    };

const conflict = (path: string, message: string): ImportDecision => ({
  outcome: "CONFLICT",
  faults: [{ path, message }],
});

const isDecision = (found: object | null): found is ImportDecision =>
  found !== null && "outcome" in found;

/** Decides what becomes of a row, and has the directory follow. It never guesses: what fits two people is a conflict. */
export function decideImport(
  row: ImportRow,
  directory: ImportDirectory,
  mode: ImportMode,
): ImportDecision {
  const match = findMatch(row, directory);
  if (isDecision(match)) return match;
  const taken = takenByOthers(row, match?.person ?? null, directory, mode);
  if (taken) return taken;
  return match ? update(row, match, directory, mode) : create(row, directory);
}

interface Match {
  readonly person: ImportedUser;
  readonly by: ImportMatch;
}

/** An id of the old system proves who it is; an address says it; a login name says it while no address speaks against it. */
function findMatch(row: ImportRow, directory: ImportDirectory): Match | ImportDecision | null {
  const owners = row.externalIds
    .map(({ system, id }) => ({ system, person: directory.holderOf(system, id) }))
    .flatMap(({ system, person }) => (person?.importedFrom.has(system) ? [person] : []));
  const [owner] = owners;
  if (owners.some((other) => other !== owner)) {
    return conflict("externalIds", "belong to different people");
  }
  if (owner) return { person: owner, by: "ID" };

  const byEmail = row.email ? directory.withEmail(row.email) : undefined;
  const byUsername = row.username ? directory.withUsername(row.username) : undefined;
  if (byEmail && byUsername && byEmail !== byUsername) {
    return conflict("email", `is that of ${byEmail.username}, who is not ${byUsername.username}`);
  }
  if (byEmail) return { person: byEmail, by: "EMAIL" };
  if (!byUsername) return null;
  if (row.email && byUsername.email !== null) {
    return conflict("username", "is that of somebody with another e-mail address");
  }
  return { person: byUsername, by: "USERNAME" };
}

/** What the row would take is somebody else's own. */
function takenByOthers(
  row: ImportRow,
  person: ImportedUser | null,
  directory: ImportDirectory,
  mode: ImportMode,
): ImportDecision | null {
  for (const { system, id, uid } of row.externalIds) {
    const own = person?.importedFrom.has(system) ? person.ids[system] : undefined;
    if (own !== undefined && own !== id) {
      return conflict("externalIds", `${person?.username} is ${own} in ${system} already`);
    }
    const holder = uid ? directory.holderOfUid(uid) : undefined;
    if (holder && holder !== person && holder.importedFrom.has("JTEL")) {
      return conflict("externalIds", `the uid is that of ${holder.username}`);
    }
  }
  const mayWriteEmail = person === null || person.email === null || mode === "REPLACE";
  const holder = row.email && mayWriteEmail ? directory.withEmail(row.email) : undefined;
  if (holder && holder !== person) return conflict("email", `is that of ${holder.username}`);
  if (person && !person.active && row.roles?.some((role) => !person.roles.includes(role))) {
    return conflict("roles", `${person.username} is deactivated`);
  }
  return null;
}

function create(row: ImportRow, directory: ImportDirectory): ImportDecision {
  const { username } = row;
  if (!username) {
    const message = "is required for somebody who is not here yet";
    return { outcome: "REFUSED", faults: [{ path: "username", message }] };
  }
  const person: ImportedUser = {
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
  const gaveWay = takeIds(row, person, directory).gaveWay;
  directory.add(person);
  return { outcome: "CREATED", person, matchedBy: null, gaveWay };
}

function update(
  row: ImportRow,
  { person, by }: Match,
  directory: ImportDirectory,
  mode: ImportMode,
): ImportDecision {
  const isProfileNew = takeProfile(row, person, directory, mode);
  const missing = (row.roles ?? []).filter((role) => !person.roles.includes(role));
  person.roles.push(...missing);
  const { isNew: areIdsNew, gaveWay } = takeIds(row, person, directory);
  const outcome =
    isProfileNew || missing.length > 0 ? "UPDATED" : areIdsNew ? "MATCHED" : "UNCHANGED";
  return { outcome, person, matchedBy: by, gaveWay };
}

/** Keeps the old system's ids; whoever has one that was made here gives it up. */
function takeIds(row: ImportRow, person: ImportedUser, directory: ImportDirectory) {
  const gaveWay = new Set<ImportedUser>();
  let isNew = false;
  for (const { system, id, uid } of row.externalIds) {
    if (person.ids[system] !== id || !person.importedFrom.has(system)) {
      const holder = directory.holderOf(system, id);
      if (holder && holder !== person) {
        directory.takeId(holder, system);
        gaveWay.add(holder);
      }
      directory.giveId(person, system, id);
      isNew = true;
    }
    if (uid && person.jtelUid !== uid) {
      const holder = directory.holderOfUid(uid);
      if (holder && holder !== person) {
        directory.takeUid(holder);
        gaveWay.add(holder);
      }
      directory.giveUid(person, uid);
      isNew = true;
    }
  }
  return { isNew, gaveWay: [...gaveWay] };
}

const fullName = ({ firstname, lastname }: Pick<ImportRow, "firstname" | "lastname">): string =>
  [firstname, lastname].filter(Boolean).join(" ");

/** The login name stays whatever the row says: it is what the person signs in with. */
function takeProfile(
  row: ImportRow,
  person: ImportedUser,
  directory: ImportDirectory,
  mode: ImportMode,
): boolean {
  let isNew = false;
  const mayWrite = (present: string | null) => present === null || mode === "REPLACE";
  // As a whole: old systems cut a name in other places.
  if (fullName(row) !== "" && fullName(row) !== fullName(person)) {
    if (fullName(person) === "" || mode === "REPLACE") {
      Object.assign(person, { firstname: row.firstname ?? null, lastname: row.lastname ?? null });
      isNew = true;
    }
  }
  if (row.email && row.email !== person.email && mayWrite(person.email)) {
    directory.giveEmail(person, row.email);
    isNew = true;
  }
  for (const property of ["telephone", "language", "dateFormat"] as const) {
    const value = row[property];
    if (!value || value === person[property] || !mayWrite(person[property])) continue;
    person[property] = value;
    isNew = true;
  }
  return isNew;
}
