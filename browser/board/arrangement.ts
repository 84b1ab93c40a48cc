import type { Person } from "./roster.js";

export type Arrangement = "status" | "group" | "name";

/** What of the roster is shown, and in which order. The page does this itself: it needs nothing of the gateway. */
export interface View {
  /** Empty: any. */
  readonly statusIds: ReadonlySet<number>;
  readonly search: string;
  readonly arrangedBy: Arrangement;
}

export interface Section {
  readonly kind: "section";
  readonly key: string;
  readonly name: string;
  /** Of a status only. */
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

/** Everybody within the view, under the headings that it asks for. */
export function arrange(people: Iterable<Person>, view: View): readonly Line[] {
  const wanted = [...people].filter((person) => isWanted(person, view));
  const { arrangedBy } = view;
  if (arrangedBy === "name") return sortedLines(wanted);
  const sections = new Map<string, { section: Omit<Section, "size">; people: Person[] }>();
  for (const person of wanted) {
    for (const section of sectionsOf(person, arrangedBy)) {
      const known = sections.get(section.key);
      if (known) known.people.push(person);
      else sections.set(section.key, { section, people: [person] });
    }
  }
  return [...sections.values()]
    .sort((one, other) => compareSections(one, other, arrangedBy))
    .flatMap(({ section, people: members }) => [
      { ...section, size: members.length },
      // Whoever stands in several sections has a line of their own in each; else a line goes where its person goes.
      ...sortedLines(members, arrangedBy === "group" ? section.key : ""),
    ]);
}

/** How many are in each status, by its id. */
export function countByStatus(people: Iterable<Person>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { status } of people) counts.set(status.id, (counts.get(status.id) ?? 0) + 1);
  return counts;
}

function isWanted({ status, user }: Person, { statusIds, search }: View): boolean {
  if (statusIds.size > 0 && !statusIds.has(status.id)) return false;
  const text = `${user.displayName} ${user.username}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Somebody with several groups stands under each of them. */
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
