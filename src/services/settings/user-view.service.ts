import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { integerKeyOf } from "../../domain/global-id.js";
import type { Operation } from "../../domain/permission-table.js";
import { UserView, View } from "../../entities/view.entity.js";
import { notFound } from "../../errors/domain-error.js";
import { type Changes } from "../../database/changes/change.js";
import type { Reader } from "../../database/reader.js";
import { parseInput } from "../parse-input.js";
import { getUser, lockUser, userRef } from "../users/user-ref.js";
import { searchInput } from "../users/user-conditions.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const updateUserViewInput = z.object({
  user: userRef,
  viewId: z.string().max(100),
  selected: z.boolean(),
});
export type UpdateUserViewInput = z.input<typeof updateUserViewInput>;

const selectedViewsInput = z.object({
  user: userRef,
  search: searchInput.nullish(),
  offset: z.int().min(0),
  limit: z.int().min(0).max(10_000),
});
export type SelectedViewsInput = z.input<typeof selectedViewsInput>;

export interface SelectedViews {
  readonly views: readonly View[];
  /** The length of the whole list. */
  readonly total: number;
}

/** The views that users have selected. */
export class UserViewService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  /**
   * The selected views of a user, by number. Paged by offset, as the legacy APIs do.
   *
   * @throws FORBIDDEN without the operation's permission
   */
  async selected(
    actor: Actor,
    operation: Operation,
    input: SelectedViewsInput,
  ): Promise<SelectedViews> {
    const { user: ref, search, offset, limit } = parseInput(actor, selectedViewsInput, input);
    const user = await getUser(this.reader, actor, operation, ref);
    // The catalogue limits their number, so that fetching all of them is the count.
    const views = await this.reader.rows(
      View,
      `SELECT ${this.reader.table(View).columns("v")} FROM views v
       JOIN user_views uv ON uv.view_id = v.id AND uv.user_id = $1 AND uv.selected
       WHERE position(lower($2) IN lower(v.name)) > 0 ORDER BY v.id`,
      [user.id, search ?? ""],
    );
    return { views: views.slice(offset, offset + limit), total: views.length };
  }

  /** @throws NOT_FOUND for an unknown view */
  @Idempotent(outcomes.userView)
  async update(actor: Actor, input: UpdateUserViewInput): Promise<UserView> {
    const { user: ref, viewId: globalId, selected } = parseInput(actor, updateUserViewInput, input);
    const user = await getUser(this.reader, actor, "updateUserView", ref);
    const id = integerKeyOf("View", globalId);
    if (id === null) throw notFound("View", globalId);

    return this.changes.make(actor, async (change) => {
      await lockUser(change.manager, user.id);
      const view = await change.manager.findOneBy(View, { id });
      if (!view) throw notFound("View", globalId);
      const key = { userId: user.id, viewId: view.id };
      const current = await change.manager.findOneBy(UserView, key);
      if (current?.selected === selected) return current;
      await change.manager.upsert(UserView, { ...key, selected }, ["userId", "viewId"]);
      change.audit({
        action: "updateUserView",
        targetType: "User",
        targetId: user.globalId,
        before: { view: view.name, selected: current?.selected ?? false },
        after: { view: view.name, selected },
      });
      change.announce({
        topic: "userChanged",
        subject: user.globalId,
        payload: { cause: "updateUserView" },
      });
      return change.manager.findOneByOrFail(UserView, key);
    });
  }
}
