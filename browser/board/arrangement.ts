import type { Person } from "./roster.js";

export type Arrangement = "status" | "group" | "name";

/**
 * Which users of the roster are shown, and in which order. The page filters and sorts itself, without a
 * request.
 */
export interface View {
  /** Empty: all statuses. */
  readonly statusIds: ReadonlySet<number>;
  readonly search: string;
  readonly arrangedBy: Arrangement;
}

export interface Section {
  readonly kind: "section";
  readonly key: string;
  readonly name: string;
  /** Null unless the section is a status. */
  readonly color: string | null;
  readonly size: number;
}

export interface PersonLine {
  readonly kind: "person";
  readonly key: string;
  readonly person: Person;
}

export type Line = Section | PersonLine;

const NO_GROUP = { id: "", name: "Without a group" };

const byName = new Intl.Collator(undefined, { sensitivity: "base", numeric: true }).compare;

/** The users that match the view, in the sections that it requests. */
export function arrange(people: Iterable<Person>, view: View): readonly Line[] {
  const matching = [...people].filter((person) => matchesView(person, view));
  const { arrangedBy } = view;
  if (arrangedBy === "name") return sortedLines(matching);
  const sections = new Map<string, { section: Omit<Section, "size">; people: Person[] }>();
  for (const person of matching) {
    for (const section of sectionsOf(person, arrangedBy)) {
      const existing = sections.get(section.key);
      if (existing) existing.people.push(person);
      else sections.set(section.key, { section, people: [person] });
    }
  }
  return [...sections.values()]
    .sort((one, other) => compareSections(one, other, arrangedBy))
    .flatMap(({ section, people: members }) => [
      { ...section, size: members.length },
      // A user in several sections has a row in each. Otherwise the key is the user's, so that its row moves
      // with it.
      ...sortedLines(members, arrangedBy === "group" ? section.key : ""),
    ]);
}

/** The number of users per status id. */
export function countByStatus(people: Iterable<Person>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { status } of people) counts.set(status.id, (counts.get(status.id) ?? 0) + 1);
  return counts;
}

function matchesView({ status, user }: Person, { statusIds, search }: View): boolean {
  if (statusIds.size > 0 && !statusIds.has(status.id)) return false;
  const text = `${user.displayName} ${user.username}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A user with several groups is in the section of each. */
function sectionsOf(
  { status, user }: Person,
  arrangedBy: "status" | "group",
): Omit<Section, "size">[] {
  if (arrangedBy === "status") {
    return [
      { kind: "section", key: `status ${status.id}`, name: status.name, color: status.color },
    ];
  }
  const groups = user.groups.length > 0 ? user.groups : [NO_GROUP];
  return groups.map(({ id, name }) => ({ kind: "section", key: `group ${id}`, name, color: null }));
}

interface Filled {
  readonly section: Omit<Section, "size">;
  readonly people: readonly Person[];
}

function compareSections(one: Filled, other: Filled, arrangedBy: Arrangement): number {
  if (arrangedBy === "status") return positionOf(one) - positionOf(other);
  const hasNone = ({ section }: Filled) => Number(section.key === `group ${NO_GROUP.id}`);
  return hasNone(one) - hasNone(other) || byName(one.section.name, other.section.name);
}

const positionOf = ({ people: [first] }: Filled): number => first?.status.position ?? 0;

const sortedLines = (people: readonly Person[], section = ""): PersonLine[] =>
  people
    .map((person): PersonLine => ({ kind: "person", key: `${section} ${person.user.id}`, person }))
    .sort((one, other) => byName(one.person.user.displayName, other.person.user.displayName));
