import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { integerKeyOf } from "../../domain/global-id.js";
import type { Operation } from "../../domain/permission-table.js";
import { UserView, View } from "../../entities/view.entity.js";
import { notFound } from "../../errors/domain-error.js";
import { type Changes } from "../../database/change.js";
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
  /** How many there are in all. */
  readonly total: number;
}

/** Which views people have selected. */
export class UserViewService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  /**
   * The views that a person has selected, by number, as the old systems page: by offset.
   *
   * @throws FORBIDDEN without the operation's permission
   */
  async selected(
    actor: Actor,
    operation: Operation,
    input: SelectedViewsInput,
  ): Promise<SelectedViews> {
    const { user, search, offset, limit } = parseInput(actor, selectedViewsInput, input);
    const person = await getUser(this.reader, actor, operation, user);
    // The catalogue bounds how many these can be, so they are counted by fetching them.
    const views = await this.reader.rows(
      View,
      `SELECT ${this.reader.table(View).columns("v")} FROM views v
       JOIN user_views uv ON uv.view_id = v.id AND uv.user_id = $1 AND uv.selected
       WHERE position(lower($2) IN lower(v.name)) > 0 ORDER BY v.id`,
      [person.id, search ?? ""],
    );
    return { views: views.slice(offset, offset + limit), total: views.length };
  }

  /** @throws NOT_FOUND for an unknown view */
  @Idempotent(outcomes.userView)
  async update(actor: Actor, input: UpdateUserViewInput): Promise<UserView> {
    const { user, viewId: globalId, selected } = parseInput(actor, updateUserViewInput, input);
    const person = await getUser(this.reader, actor, "updateUserView", user);
    const id = integerKeyOf("View", globalId);
    if (id === null) throw notFound("View", globalId);

    return this.changes.make(actor, async (change) => {
      await lockUser(change.manager, person.id);
      const view = await change.manager.findOneBy(View, { id });
      if (!view) throw notFound("View", globalId);
      const key = { userId: person.id, viewId: view.id };
      const current = await change.manager.findOneBy(UserView, key);
      if (current?.selected === selected) return current;
      await change.manager.upsert(UserView, { ...key, selected }, ["userId", "viewId"]);
      change.audit({
        action: "updateUserView",
        targetType: "User",
        targetId: person.globalId,
        before: { view: view.name, selected: current?.selected ?? false },
        after: { view: view.name, selected },
      });
      change.announce({
        topic: "userChanged",
        subject: person.globalId,
        payload: { cause: "updateUserView" },
      });
      return change.manager.findOneByOrFail(UserView, key);
    });
  }
}
