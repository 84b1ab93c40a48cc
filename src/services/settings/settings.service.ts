import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { UserSettings } from "../../entities/user-settings.entity.js";
import { type Changes } from "../../database/changes/change.js";
import type { Reader } from "../../database/reader.js";
import { authorize } from "../authorize.js";
import { changedProperties } from "../users/changed-properties.js";
import { recountUserSlots } from "../agents/capacity.js";
import { parseInput } from "../parse-input.js";
import { getUser, userRef } from "../users/user-ref.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const updateUserSettingsInput = z.object({
  user: userRef,
  maxChats: z.int().min(0).max(1000).optional(),
  chatSoundNewMessage: z.boolean().optional(),
  notifyOnTicketAssignment: z.boolean().optional(),
  ticketIncognitoMode: z.boolean().optional(),
  callsAutoAnswer: z.boolean().optional(),
  telephoneCallsForwarding: z.boolean().optional(),
  useWebMail: z.boolean().optional(),
  useWebEmail: z.boolean().optional(),
});
export type UpdateUserSettingsInput = z.input<typeof updateUserSettingsInput>;

/** The settings of users. */
export class SettingsService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  /**
   * Changes the settings in the input and no others.
   *
   * @throws FORBIDDEN; the incognito mode needs its own permission and no other
   */
  @Idempotent(outcomes.userSettings)
  async update(actor: Actor, input: UpdateUserSettingsInput): Promise<UserSettings> {
    const { user: ref, ...given } = parseInput(actor, updateUserSettingsInput, input);
    const { ticketIncognitoMode, ...others } = given;
    const named = Object.values(others).some((value) => value !== undefined);
    const incognito = ticketIncognitoMode !== undefined;
    const operation =
      incognito && !named ? "updateUserSettings.ticketIncognitoMode" : "updateUserSettings";
    const user = await getUser(this.reader, actor, operation, ref);
    if (incognito) authorize(actor, "updateUserSettings.ticketIncognitoMode", user.id);

    return this.changes.make(actor, async (change) => {
      const current = await change.manager.findOneOrFail(UserSettings, {
        where: { userId: user.id },
        lock: { mode: "pessimistic_write" },
      });
      const { before, after } = changedProperties(current, given);
      if (Object.keys(after).length === 0) return current;
      await change.manager.update(UserSettings, { userId: user.id }, after);
      if (after.maxChats !== undefined) await recountUserSlots(change, user.id);
      change.audit({
        action: "updateUserSettings",
        targetType: "User",
        targetId: user.globalId,
        before,
        after,
      });
      change.announce({ topic: "settingsChanged", subject: user.globalId, payload: after });
      return Object.assign(current, after);
    });
  }
}
