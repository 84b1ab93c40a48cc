import { type ExternalSystem, externalSystems, type LivechatRole } from "./vocabulary.js";

/** The properties of a user that an import reads and may change. */
export interface ImportedUser {
  /** Null for a user that the import creates. */
  key: number | null;
  username: string;
  firstname: string | null;
  lastname: string | null;
  email: string | null;
  telephone: string | null;
  language: string;
  dateFormat: string;
  active: boolean;
  roles: LivechatRole[];
  ids: Partial<Record<ExternalSystem, string>>;
  /** jtel's login name; undefined for a new user without one. */
  jtelUid: string | undefined;
  /** The systems that issued the user's id there. Any other id was generated here, and gives way. */
  importedFrom: Set<ExternalSystem>;
}

const folded = (text: string): string => text.toLowerCase();

/** The users that the rows of an import can mean, by id, e-mail address and username. Follows the decisions of the import. */
export class ImportDirectory {
  private readonly byId = new Map<string, ImportedUser>();
  private readonly byUid = new Map<string, ImportedUser>();
  private readonly byEmail = new Map<string, ImportedUser>();
  private readonly byUsername = new Map<string, ImportedUser>();

  constructor(users: readonly ImportedUser[]) {
    for (const user of users) this.add(user);
  }

  add(user: ImportedUser): void {
    for (const system of externalSystems) {
      const id = user.ids[system];
      if (id !== undefined) this.byId.set(`${system}:${id}`, user);
    }
    if (user.jtelUid !== undefined) this.byUid.set(folded(user.jtelUid), user);
    if (user.email !== null) this.byEmail.set(folded(user.email), user);
    this.byUsername.set(folded(user.username), user);
  }

  findById(system: ExternalSystem, id: string): ImportedUser | undefined {
    return this.byId.get(`${system}:${id}`);
  }

  findByUid(uid: string): ImportedUser | undefined {
    return this.byUid.get(folded(uid));
  }

  findByEmail(email: string): ImportedUser | undefined {
    return this.byEmail.get(folded(email));
  }

  findByUsername(username: string): ImportedUser | undefined {
    return this.byUsername.get(folded(username));
  }

  setId(user: ImportedUser, system: ExternalSystem, id: string): void {
    this.removeId(user, system);
    user.ids[system] = id;
    user.importedFrom.add(system);
    this.byId.set(`${system}:${id}`, user);
  }

  removeId(user: ImportedUser, system: ExternalSystem): void {
    const id = user.ids[system];
    if (id !== undefined) this.byId.delete(`${system}:${id}`);
    delete user.ids[system];
  }

  setUid(user: ImportedUser, uid: string): void {
    this.removeUid(user);
    user.jtelUid = uid;
    this.byUid.set(folded(uid), user);
  }

  removeUid(user: ImportedUser): void {
    if (user.jtelUid !== undefined) this.byUid.delete(folded(user.jtelUid));
    user.jtelUid = undefined;
  }

  setEmail(user: ImportedUser, email: string): void {
    if (user.email !== null) this.byEmail.delete(folded(user.email));
    user.email = email;
    this.byEmail.set(folded(email), user);
  }
}
