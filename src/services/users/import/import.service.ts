import { z } from "zod";
import type { Actor } from "../../../domain/actor.js";
import { ImportDirectory, type ImportedUser } from "../../../domain/import-directory.js";
import * as text from "../../../domain/text-rules.js";
import {
  decideImport,
  type ImportDecision,
  type ImportFault,
  type ImportRow,
} from "../../../domain/user-import.js";
import {
  type ImportMatch,
  type ImportMode,
  importModes,
  type ImportOutcome,
  livechatRoles,
  type UserKind,
  userKinds,
} from "../../../domain/vocabulary.js";
import { DomainError } from "../../../errors/domain-error.js";
import type { Change, Changes } from "../../../database/change.js";
import { authorize } from "../../authorize.js";
import { changedProperties } from "../changed-properties.js";
import { assertGivenIds, externalIdsInput, lockExternalIds } from "../external-ids.js";
import { lockCandidates } from "./candidates.js";
import { fillIds, giveRoles, giveWay, importedId, insertUsers, updateUser } from "./writing.js";
import { parse, parseInput } from "../../parse-input.js";
import { Idempotent } from "../../idempotency/idempotent.js";
import { outcomes } from "../../idempotency/outcomes.js";

const MAX_ROWS = 100;

const importUsersInput = z.object({
  rows: z
    .array(z.unknown())
    .min(1, "must have at least one row")
    .max(MAX_ROWS, `must have at most ${MAX_ROWS} rows`),
  mode: z.enum(importModes).nullish(),
  dryRun: z.boolean().nullish(),
});
export type ImportUsersInput = z.input<typeof importUsersInput>;

const importRow = z.object({
  externalIds: externalIdsInput.nullish().transform((ids) => ids ?? []),
  username: text.username.nullish(),
  firstname: text.personName.nullish(),
  lastname: text.personName.nullish(),
  email: text.email.nullish(),
  telephone: text.telephone.nullish(),
  language: text.language.nullish(),
  dateFormat: text.dateFormat.nullish(),
  kind: z.enum(userKinds).nullish(),
  active: z.boolean().nullish(),
  roles: z.array(z.enum(livechatRoles)).max(10).nullish(),
});

/** What became of one row. */
export interface ImportResult {
  /** Its place among the rows of the call, from 0. */
  readonly row: number;
  readonly outcome: ImportOutcome;
  /** Null for nobody, and in a dry run for somebody who is not here yet. */
  readonly userId: string | null;
  readonly username: string | null;
  readonly matchedBy: ImportMatch | null;
  readonly faults: readonly ImportFault[];
}

interface Decided {
  readonly kind: UserKind;
  readonly decision: ImportDecision;
  /** Of everybody whom the decision changes, what they were; nothing for who is new. */
  readonly before: ReadonlyMap<ImportedUser, Facts>;
}

/** People of old systems: found or made, with the ids that they have there. */
export class ImportService {
  constructor(private readonly changes: Changes) {}

  /**
   * Takes rows in, all in one transaction; each has an outcome of its own, and one that is refused keeps no other. Doing
   * it again changes nothing.
   *
   * @throws BAD_USER_INPUT for none or too many rows, CONFLICT when somebody else takes a value meanwhile: then
   *   nothing was changed, and it can be tried again
   */
  @Idempotent(outcomes.importResults)
  async importUsers(actor: Actor, input: ImportUsersInput): Promise<ImportResult[]> {
    authorize(actor, "importUsers");
    const { rows, mode, dryRun } = parseInput(actor, importUsersInput, input);
    const read = rows.map(readRow);
    const sound = read.filter((row): row is ImportRow => !Array.isArray(row));
    return this.changes.make(actor, async (change) => {
      await lockExternalIds(change);
      const people = await lockCandidates(change, sound);
      const directory = new ImportDirectory(people);
      const facts = new Map(people.map((person) => [person, factsOf(person)]));
      const decided = read.map((row) => decide(row, directory, facts, mode ?? "FILL"));
      if (dryRun !== true) await write(change, decided, directory);
      return decided.map(toResult);
    });
  }
}

/** @returns the row, or what is wrong with it */
function readRow(given: unknown): ImportRow | ImportFault[] {
  try {
    const row = parse(importRow, given);
    assertGivenIds(row.externalIds);
    return row;
  } catch (error) {
    if (error instanceof DomainError && error.code === "BAD_USER_INPUT") {
      return error.details["fields"] as ImportFault[];
    }
    throw error;
  }
}

type Facts = ReturnType<typeof factsOf>;

/** What the audit tells of somebody. */
const factsOf = ({ key: _key, importedFrom, ids, roles, ...facts }: ImportedUser) => ({
  ...facts,
  externalIds: { ...ids },
  roles: [...roles],
  importedFrom: [...importedFrom],
});

/** @param facts of everybody as they are by now: the decision changes those whom it is about */
function decide(
  row: ImportRow | ImportFault[],
  directory: ImportDirectory,
  facts: Map<ImportedUser, Facts>,
  mode: ImportMode,
): Decided {
  if (Array.isArray(row)) {
    return { kind: "STAFF", decision: { outcome: "REFUSED", faults: row }, before: new Map() };
  }
  const decision = decideImport(row, directory, mode);
  const before = new Map<ImportedUser, Facts>();
  for (const person of "person" in decision ? [decision.person, ...decision.gaveWay] : []) {
    const known = facts.get(person);
    if (known) before.set(person, known);
    facts.set(person, factsOf(person));
  }
  return { kind: row.kind ?? "STAFF", decision, before };
}

async function write(
  change: Change,
  decided: readonly Decided[],
  directory: ImportDirectory,
): Promise<void> {
  const made = decided.flatMap(({ kind, decision, before }) =>
    "person" in decision && decision.outcome !== "UNCHANGED" ? [{ ...decision, kind, before }] : [],
  );
  const displaced = new Set(made.flatMap(({ gaveWay: people }) => people));
  const people = new Set([...displaced, ...made.map(({ person }) => person)]);
  await fillIds(change, [...people], directory);
  const known = (those: Iterable<ImportedUser>) => [...those].filter(({ key }) => key !== null);
  for (const person of known(displaced)) giveWay(change, person);
  for (const person of known(new Set(made.map(({ person }) => person)))) {
    updateUser(change, person);
  }
  await insertUsers(
    change,
    made.filter(({ outcome }) => outcome === "CREATED"),
  );
  await giveRoles(change, [...people]);
  tell(change, people, decided);
}

/** What became of each person in all: an audit record and an event for everybody who is not as before. */
function tell(change: Change, people: Iterable<ImportedUser>, decided: readonly Decided[]): void {
  for (const person of people) {
    const first = decided.map(({ before }) => before.get(person)).find((facts) => facts);
    const { before, after } = changedProperties(first ?? {}, factsOf(person));
    const subject = importedId(person) ?? "";
    change.audit({
      action: "importUsers",
      targetType: "User",
      targetId: subject,
      before: first ? before : null,
      after,
    });
    change.announce({ topic: "userChanged", subject, payload: { cause: "importUsers" } });
  }
}

function toResult({ decision }: Decided, row: number): ImportResult {
  const { outcome } = decision;
  if (!("person" in decision)) {
    return { row, outcome, userId: null, username: null, matchedBy: null, faults: decision.faults };
  }
  const { person, matchedBy } = decision;
  return {
    row,
    outcome,
    userId: importedId(person),
    username: person.username,
    matchedBy,
    faults: [],
  };
}
