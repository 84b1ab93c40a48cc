import type { PersonFragment } from "./graphql.js";

export type Person = PersonFragment;

/** Whom the gateway is asked for: a change of it means to read and to follow afresh. */
export interface Scope {
  /** Null: of any group. */
  readonly groupId: string | null;
  readonly onlineOnly: boolean;
}

/** The people within a scope, as they are known at the moment. */
export class Roster {
  private readonly people = new Map<string, Person>();
  /** Who was told of while a list is being read; what the list says of them may be older. */
  private readonly told = new Set<string>();
  private readonly listed = new Set<string>();

  constructor(readonly scope: Scope) {}

  get all(): ReadonlyMap<string, Person> {
    return this.people;
  }

  /** An event says how somebody is now, which may be out of the scope. */
  tell(person: Person): void {
    const { id } = person.user;
    this.told.add(id);
    if (this.isWithin(person)) this.people.set(id, person);
    else this.people.delete(id);
  }

  beginList(): void {
    this.told.clear();
    this.listed.clear();
  }

  list(page: readonly Person[]): void {
    for (const person of page) {
      this.listed.add(person.user.id);
      if (!this.told.has(person.user.id)) this.people.set(person.user.id, person);
    }
  }

  /** Whoever was not in the list has left the scope meanwhile. */
  endList(): void {
    for (const id of this.people.keys()) {
      if (!this.listed.has(id) && !this.told.has(id)) this.people.delete(id);
    }
  }

  private isWithin({ online, user }: Person): boolean {
    const { groupId, onlineOnly } = this.scope;
    if (user.kind !== "STAFF" || (onlineOnly && !online)) return false;
    return groupId === null || user.groups.some(({ id }) => id === groupId);
  }
}
