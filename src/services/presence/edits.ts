import { type Actor, system } from "../../domain/actor.js";
import { toGlobalId } from "../../domain/global-id.js";
import { notFound } from "../../errors/domain-error.js";
import { isUndone } from "../../errors/postgres.js";
import type { Changes } from "../../database/change.js";
import { GroupCommit } from "../../database/group-commit.js";
import { type AskedEdit, decideAll, type Outcome } from "./decision.js";

type Edits = ReadonlyMap<number, AskedEdit<unknown>>;
type Outcomes = ReadonlyMap<number, Outcome<unknown>>;

/** Whoever asks is audited; the transaction that they share is nobody's. */
const EVERYBODY: Actor = system("presence edits");

const NOBODY: Outcomes = new Map();

/** Nobody's edit is allowed, so that there is nothing to commit. */
class AllRefusedError extends Error {
  override readonly name = "AllRefusedError";

  constructor(readonly outcomes: Outcomes) {
    super("all were refused");
  }
}

/**
 * Changes of presences that are asked for at the same time share a transaction, and are refused or fail each for itself.
 * docs/decisions/0024-changes-of-one-moment-together.md
 */
export class PresenceEdits {
  private readonly batches = new GroupCommit((edits: Edits) => this.makeTogether(edits));

  constructor(private readonly changes: Changes) {}

  /** @throws NOT_FOUND for an unknown person, CONFLICT for a deactivated one, and what the edit's rule throws */
  async make<Result>(edit: AskedEdit<Result>): Promise<Result> {
    // What came of a request with a key is written in its own transaction.
    if (edit.actor.idempotencyCall) return this.makeAlone(edit);
    const outcome = await this.batches.join(edit.userId, edit);
    return outcome ? granted<Result>(outcome) : this.makeAlone(edit);
  }

  /** Those whom somebody else is at are left out: nobody waits for a stranger's lock. */
  private async makeTogether(edits: Edits): Promise<Outcomes> {
    try {
      return await this.changes.make(EVERYBODY, async (change) => {
        const outcomes = await decideAll(change, edits, { onLocked: "skip_locked" });
        if (outcomes.size > 0 && [...outcomes.values()].every(isRefused)) {
          throw new AllRefusedError(outcomes);
        }
        return outcomes;
      });
    } catch (error) {
      if (error instanceof AllRefusedError) return error.outcomes;
      // It may be one of them; alone each hears of their own.
      if (isUndone(error)) return NOBODY;
      throw error;
    }
  }

  private makeAlone<Result>(edit: AskedEdit<Result>): Promise<Result> {
    const { actor, userId } = edit;
    return this.changes.make(actor, async (change) => {
      const outcome = (await decideAll(change, new Map([[userId, edit]]))).get(userId);
      if (!outcome) throw notFound("User", toGlobalId("User", userId));
      return granted<Result>(outcome);
    });
  }
}

const isRefused = (outcome: Outcome<unknown>) => "refusal" in outcome;

function granted<Result>(outcome: Outcome<unknown>): Result {
  if ("refusal" in outcome) throw outcome.refusal;
  return outcome.result as Result;
}
