import type { DataSource } from "typeorm";
import { z } from "zod";
import type { Actor } from "../domain/actor.js";
import { fromGlobalId } from "../domain/global-id.js";
import { UserView, View } from "../entities/view.entity.js";
import { notFound } from "../errors/domain-error.js";
import { inChange } from "../persistence/change.js";
import type { Reader } from "../persistence/reader.js";
import { parseInput } from "./parse-input.js";
import { getPerson, lockUser, personRef } from "./person-ref.js";

const updateUserViewInput = z.object({
  user: personRef,
  viewId: z.string().max(100),
  selected: z.boolean(),
});
export type UpdateUserViewInput = z.input<typeof updateUserViewInput>;

/** Which views people have selected. */
export class UserViewService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: Reader,
  ) {}

  /** @throws NOT_FOUND for an unknown view */
  async update(actor: Actor, input: UpdateUserViewInput): Promise<UserView> {
    const { user, viewId: globalId, selected } = parseInput(updateUserViewInput, input);
    const person = await getPerson(this.reader, actor, "updateUserView", user);
    const parsed = fromGlobalId(globalId);
    if (parsed?.type !== "View") throw notFound("View", globalId);

    return inChange(this.dataSource, actor, async (change) => {
      await lockUser(change.manager, person.id);
      const view = await change.manager.findOneBy(View, { id: Number(parsed.key) });
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
