import type { PersonFragment } from "./graphql.js";

export type Person = PersonFragment;

/** The filter of the requests: after a change the page reads and subscribes again. */
export interface Scope {
  /** Null: all groups. */
  readonly groupId: string | null;
  readonly onlineOnly: boolean;
}

/** The users of a scope, as far as they are known. */
export class Roster {
  private readonly people = new Map<string, Person>();
  /** Users updated by events while a list is being read, whose rows in the list may be older. */
  private readonly updated = new Set<string>();
  private readonly listed = new Set<string>();

  constructor(readonly scope: Scope) {}

  get all(): ReadonlyMap<string, Person> {
    return this.people;
  }

  /** Applies an event, after which the user may be out of the scope. */
  update(person: Person): void {
    const { id } = person.user;
    this.updated.add(id);
    if (this.isWithin(person)) this.people.set(id, person);
    else this.people.delete(id);
  }

  beginList(): void {
    this.updated.clear();
    this.listed.clear();
  }

  list(page: readonly Person[]): void {
    for (const person of page) {
      this.listed.add(person.user.id);
      if (!this.updated.has(person.user.id)) this.people.set(person.user.id, person);
    }
  }

  /** A user that was not in the list has left the scope. */
  endList(): void {
    for (const id of this.people.keys()) {
      if (!this.listed.has(id) && !this.updated.has(id)) this.people.delete(id);
    }
  }

  private isWithin({ online, user }: Person): boolean {
    const { groupId, onlineOnly } = this.scope;
    if (user.kind !== "STAFF" || (onlineOnly && !online)) return false;
    return groupId === null || user.groups.some(({ id }) => id === groupId);
  }
}
