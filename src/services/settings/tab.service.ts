import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import * as text from "../../domain/text-rules.js";
import { type Changes } from "../../database/changes/change.js";
import { authorize } from "../authorize.js";
import { parseInput } from "../parse-input.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const refreshTabInput = z.object({ tabId: text.tabId });
export type RefreshTabInput = z.input<typeof refreshTabInput>;

/** Signals a browser tab to reload. */
export class TabService {
  constructor(private readonly changes: Changes) {}

  /** Emits the event also when no client subscribes to the tab. */
  @Idempotent(outcomes.tabId)
  async refresh(actor: Actor, input: RefreshTabInput): Promise<string> {
    authorize(actor, "refreshTab");
    const { tabId } = parseInput(actor, refreshTabInput, input);
    return this.changes.make(actor, (change) => {
      change.audit({ action: "refreshTab", targetType: "Tab", targetId: tabId });
      change.announce({ topic: "tabRefreshed", subject: tabId, payload: {} });
      return Promise.resolve(tabId);
    });
  }
}
