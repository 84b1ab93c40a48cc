import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import type { Operation } from "../../domain/permission-table.js";
import { availabilities, livechatRoles } from "../../domain/vocabulary.js";
import { Agent, Manager } from "../../entities/agent.entity.js";
import { type User } from "../../entities/user.entity.js";
import { conflict, notFound } from "../../errors/domain-error.js";
import { type Change, type Changes } from "../../database/changes/change.js";
import type { Page, PageRequest } from "../../database/pagination/keyset-page.js";
import type { Reader } from "../../database/reader.js";
import { type AgentFilter, type AgentOrder, fetchAgents } from "./agent-list.js";
import { authorize } from "../authorize.js";
import { recountUserSlots } from "./capacity.js";
import { parseInput } from "../parse-input.js";
import { findUser, getUser, lockUser, type UserRef, userRef } from "../users/user-ref.js";
import { endReservations } from "../reservations/end.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const roleInput = z.object({ user: userRef, role: z.enum(livechatRoles) });
export type LivechatRoleInput = z.input<typeof roleInput>;

const setAvailabilityInput = z.object({
  user: userRef,
  availability: z.enum(availabilities).nullish(),
});
export type SetAvailabilityInput = z.input<typeof setAvailabilityInput>;

const otherAvailability = { AVAILABLE: "NOT_AVAILABLE", NOT_AVAILABLE: "AVAILABLE" } as const;

const roleEntities = { AGENT: Agent, MANAGER: Manager } as const;

/** The two roles in live channels. */
export class AgentService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  /** @throws FORBIDDEN without USER_READ, except for the signed-in user */
  async find(actor: Actor, ref: UserRef): Promise<Agent | null> {
    const user = await findUser(this.reader, actor, "agent", parseInput(actor, userRef, ref));
    if (!user) return null;
    const agents = await this.reader.rows(
      Agent,
      `SELECT ${this.reader.table(Agent).columns("a")} FROM agents a WHERE a.user_id = $1`,
      [user.id],
    );
    return agents[0] ?? null;
  }

  /** @throws BAD_USER_INPUT, FORBIDDEN without USER_READ */
  list(
    actor: Actor,
    request: PageRequest & { filter?: AgentFilter | null; orderBy?: AgentOrder | null },
  ): Promise<Page<Agent>> {
    authorize(actor, "agents");
    return fetchAgents(this.reader, request);
  }

  /**
   * Grants a role; a new agent is AVAILABLE. Granting it again changes nothing.
   *
   * @throws CONFLICT for a deactivated user
   */
  @Idempotent(outcomes.user)
  async register(actor: Actor, input: LivechatRoleInput): Promise<User> {
    const { user: ref, role } = parseInput(actor, roleInput, input);
    return this.editRoles(actor, "registerAgent", ref, async (change, user) => {
      if (!user.active) throw conflict("The user is deactivated", { id: user.globalId });
      // `identifiers` contains the key even when the row already existed.
      const { raw } = await change.manager
        .createQueryBuilder()
        .insert()
        .into(roleEntities[role])
        .values({ userId: user.id })
        .orIgnore()
        .returning("user_id")
        .execute();
      if ((raw as unknown[]).length === 0) return { result: user };
      if (role === "AGENT") await recountUserSlots(change, user.id);
      return { result: user, difference: { after: { role } } };
    });
  }

  /**
   * Removes a role; the user stays. Reservations of the agent are released.
   *
   * @throws NOT_FOUND when the user does not have it
   */
  @Idempotent(outcomes.user)
  async remove(actor: Actor, input: LivechatRoleInput): Promise<User> {
    const { user: ref, role } = parseInput(actor, roleInput, input);
    return this.editRoles(actor, "removeAgent", ref, async (change, user) => {
      const { affected } = await change.manager.delete(roleEntities[role], { userId: user.id });
      if (!affected) throw notFound(role === "AGENT" ? "Agent" : "Manager", user.globalId);
      if (role === "AGENT") await endReservations(change, user.id, "removeAgent");
      return { result: user, difference: { before: { role } } };
    });
  }

  /**
   * Sets whether an agent takes part in live channels; toggles without `availability`.
   *
   * @throws NOT_FOUND when the user is not an agent, CONFLICT when deactivated
   */
  @Idempotent(outcomes.agent)
  async setAvailability(actor: Actor, input: SetAvailabilityInput): Promise<Agent> {
    const { user: ref, availability: requested } = parseInput(actor, setAvailabilityInput, input);
    return this.editRoles(actor, "setAgentAvailability", ref, async (change, user) => {
      const { id: userId, active, globalId } = user;
      if (!active) throw conflict("The user is deactivated", { id: globalId });
      const agent = await change.manager.findOneBy(Agent, { userId });
      if (!agent) throw notFound("Agent", globalId);
      const before = { availability: agent.availability };
      const after = { availability: requested ?? otherAvailability[agent.availability] };
      if (before.availability === after.availability) return { result: agent };
      await change.manager.update(Agent, { userId }, after);
      await recountUserSlots(change, userId);
      return { result: Object.assign(agent, after), difference: { before, after } };
    });
  }

  private async editRoles<Result>(
    actor: Actor,
    action: Operation,
    ref: UserRef,
    edit: (change: Change, user: User) => Promise<RoleEdit<Result>>,
  ): Promise<Result> {
    const { id } = await getUser(this.reader, actor, action, parseInput(actor, userRef, ref));
    return this.changes.make(actor, async (change) => {
      const user = await lockUser(change.manager, id);
      const { result, difference } = await edit(change, user);
      if (difference) {
        const target = { targetType: "User", targetId: user.globalId };
        change.audit({ action, ...target, ...difference });
        change.announce({
          topic: "userChanged",
          subject: user.globalId,
          payload: { cause: action },
        });
      }
      return result;
    });
  }
}

interface RoleEdit<Result> {
  readonly result: Result;
  /** For the audit; undefined when nothing changed. */
  readonly difference?: { readonly before?: object; readonly after?: object };
}
