import { type ExternalSystem, externalSystems, type LivechatRole } from "./vocabulary.js";

/** What an import reads of a person, and may change. */
export interface ImportedUser {
  /** Null for somebody whom the import itself makes. */
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
  /** jtel's login name; undefined while nobody has chosen one for somebody new. */
  jtelUid: string | undefined;
  /** The systems whose id of the person is that system's own. Any other id was made here, and gives way. */
  importedFrom: Set<ExternalSystem>;
}

const folded = (text: string): string => text.toLowerCase();

/** The people whom the rows of an import can mean, by all that names one. It follows what the import decides. */
export class ImportDirectory {
  private readonly byId = new Map<string, ImportedUser>();
  private readonly byUid = new Map<string, ImportedUser>();
  private readonly byEmail = new Map<string, ImportedUser>();
  private readonly byUsername = new Map<string, ImportedUser>();

  constructor(people: readonly ImportedUser[]) {
    for (const person of people) this.add(person);
  }

  add(person: ImportedUser): void {
    for (const system of externalSystems) {
      const id = person.ids[system];
      if (id !== undefined) this.byId.set(`${system}:${id}`, person);
    }
    if (person.jtelUid !== undefined) this.byUid.set(folded(person.jtelUid), person);
    if (person.email !== null) this.byEmail.set(folded(person.email), person);
    this.byUsername.set(folded(person.username), person);
  }

  holderOf(system: ExternalSystem, id: string): ImportedUser | undefined {
    return this.byId.get(`${system}:${id}`);
  }

  holderOfUid(uid: string): ImportedUser | undefined {
    return this.byUid.get(folded(uid));
  }

  withEmail(email: string): ImportedUser | undefined {
    return this.byEmail.get(folded(email));
  }

  withUsername(username: string): ImportedUser | undefined {
    return this.byUsername.get(folded(username));
  }

  giveId(person: ImportedUser, system: ExternalSystem, id: string): void {
    this.takeId(person, system);
    person.ids[system] = id;
    person.importedFrom.add(system);
    this.byId.set(`${system}:${id}`, person);
  }

  takeId(person: ImportedUser, system: ExternalSystem): void {
    const id = person.ids[system];
    if (id !== undefined) this.byId.delete(`${system}:${id}`);
    delete person.ids[system];
  }

  giveUid(person: ImportedUser, uid: string): void {
    this.takeUid(person);
    person.jtelUid = uid;
    this.byUid.set(folded(uid), person);
  }

  takeUid(person: ImportedUser): void {
    if (person.jtelUid !== undefined) this.byUid.delete(folded(person.jtelUid));
    person.jtelUid = undefined;
  }

  giveEmail(person: ImportedUser, email: string): void {
    if (person.email !== null) this.byEmail.delete(folded(person.email));
    person.email = email;
    this.byEmail.set(folded(email), person);
  }
}
