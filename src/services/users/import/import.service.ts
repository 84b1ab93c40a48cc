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
import type { Change, Changes } from "../../../database/changes/change.js";
import { authorize } from "../../authorize.js";
import { changedProperties } from "../changed-properties.js";
import { assertExternalIds, externalIdsInput, lockExternalIds } from "../external-ids.js";
import { lockCandidates } from "./candidates.js";
import {
  generateMissingIds,
  grantRoles,
  updateDisplaced,
  globalIdOf,
  insertUsers,
  updateUser,
} from "./writing.js";
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
  firstname: text.namePart.nullish(),
  lastname: text.namePart.nullish(),
  email: text.email.nullish(),
  telephone: text.telephone.nullish(),
  language: text.language.nullish(),
  dateFormat: text.dateFormat.nullish(),
  kind: z.enum(userKinds).nullish(),
  active: z.boolean().nullish(),
  roles: z.array(z.enum(livechatRoles)).max(10).nullish(),
});

/** The outcome of one row. */
export interface ImportResult {
  /** The index among the rows of the call, from 0. */
  readonly row: number;
  readonly outcome: ImportOutcome;
  /** Null without a user, and in a dry run for a new user. */
  readonly userId: string | null;
  readonly username: string | null;
  readonly matchedBy: ImportMatch | null;
  readonly faults: readonly ImportFault[];
}

interface Decided {
  readonly kind: UserKind;
  readonly decision: ImportDecision;
  /** The facts of each user before the decision changed them; no entry for a new user. */
  readonly before: ReadonlyMap<ImportedUser, Facts>;
}

/** Imports users from legacy systems: finds or creates them, with their ids there. */
export class ImportService {
  constructor(private readonly changes: Changes) {}

  /**
   * Imports rows in one transaction. Each row has its own outcome, and a refused row does not stop the others.
   * Repeating the import changes nothing.
   *
   * @throws BAD_USER_INPUT without rows or with too many, CONFLICT when a concurrent change takes a value: then
   *   nothing was changed, and the import can be retried
   */
  @Idempotent(outcomes.importResults)
  async importUsers(actor: Actor, input: ImportUsersInput): Promise<ImportResult[]> {
    authorize(actor, "importUsers");
    const { rows, mode, dryRun } = parseInput(actor, importUsersInput, input);
    const read = rows.map(readRow);
    const sound = read.filter((row): row is ImportRow => !Array.isArray(row));
    return this.changes.make(actor, async (change) => {
      await lockExternalIds(change);
      const users = await lockCandidates(change, sound);
      const directory = new ImportDirectory(users);
      const facts = new Map(users.map((user) => [user, factsOf(user)]));
      const decided = read.map((row) => decide(row, directory, facts, mode ?? "FILL"));
      if (dryRun !== true) await write(change, decided, directory);
      return decided.map(toResult);
    });
  }
}

/** @returns the row, or its errors */
function readRow(given: unknown): ImportRow | ImportFault[] {
  try {
    const row = parse(importRow, given);
    assertExternalIds(row.externalIds);
    return row;
  } catch (error) {
    if (error instanceof DomainError && error.code === "BAD_USER_INPUT") {
      return error.details["fields"] as ImportFault[];
    }
    throw error;
  }
}

type Facts = ReturnType<typeof factsOf>;

/** The properties of a user in the audit. */
const factsOf = ({ key: _key, importedFrom, ids, roles, ...facts }: ImportedUser) => ({
  ...facts,
  externalIds: { ...ids },
  roles: [...roles],
  importedFrom: [...importedFrom],
});

/** @param facts current facts of each user; updated for the users that the decision changes */
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
  for (const user of "user" in decision ? [decision.user, ...decision.displaced] : []) {
    const known = facts.get(user);
    if (known) before.set(user, known);
    facts.set(user, factsOf(user));
  }
  return { kind: row.kind ?? "STAFF", decision, before };
}

async function write(
  change: Change,
  decided: readonly Decided[],
  directory: ImportDirectory,
): Promise<void> {
  const made = decided.flatMap(({ kind, decision, before }) =>
    "user" in decision && decision.outcome !== "UNCHANGED" ? [{ ...decision, kind, before }] : [],
  );
  const displaced = new Set(made.flatMap(({ displaced }) => displaced));
  const users = new Set([...displaced, ...made.map(({ user }) => user)]);
  await generateMissingIds(change, [...users], directory);
  const known = (those: Iterable<ImportedUser>) => [...those].filter(({ key }) => key !== null);
  for (const user of known(displaced)) updateDisplaced(change, user);
  for (const user of known(new Set(made.map(({ user }) => user)))) {
    updateUser(change, user);
  }
  await insertUsers(
    change,
    made.filter(({ outcome }) => outcome === "CREATED"),
  );
  await grantRoles(change, [...users]);
  record(change, users, decided);
}

/** Writes one audit record and one event per changed user, over all rows of the import. */
function record(change: Change, users: Iterable<ImportedUser>, decided: readonly Decided[]): void {
  for (const user of users) {
    const first = decided.map(({ before }) => before.get(user)).find((facts) => facts);
    const { before, after } = changedProperties(first ?? {}, factsOf(user));
    const subject = globalIdOf(user) ?? "";
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
  if (!("user" in decision)) {
    return { row, outcome, userId: null, username: null, matchedBy: null, faults: decision.faults };
  }
  const { user, matchedBy } = decision;
  return {
    row,
    outcome,
    userId: globalIdOf(user),
    username: user.username,
    matchedBy,
    faults: [],
  };
}
