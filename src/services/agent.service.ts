import type { DataSource } from "typeorm";
import { z } from "zod";
import type { Actor } from "../domain/actor.js";
import type { Operation } from "../domain/permission-table.js";
import { availabilities, livechatRoles } from "../domain/vocabulary.js";
import { Agent, Manager } from "../entities/agent.entity.js";
import { type User } from "../entities/user.entity.js";
import { conflict, notFound } from "../errors/domain-error.js";
import { type Change, inChange } from "../persistence/change.js";
import type { Page, PageRequest } from "../persistence/keyset-page.js";
import type { Reader } from "../persistence/reader.js";
import { type AgentFilter, type AgentOrder, fetchAgents } from "./agent-list.js";
import { authorize } from "./authorize.js";
import { parseInput } from "./parse-input.js";
import { findPerson, getPerson, lockUser, type PersonRef, personRef } from "./person-ref.js";

const roleInput = z.object({ user: personRef, role: z.enum(livechatRoles) });
export type LivechatRoleInput = z.input<typeof roleInput>;

const setAvailabilityInput = z.object({ user: personRef, availability: z.enum(availabilities) });
export type SetAvailabilityInput = z.input<typeof setAvailabilityInput>;

const roleEntities = { AGENT: Agent, MANAGER: Manager } as const;

/** The two roles in live channels. */
export class AgentService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: Reader,
  ) {}

  /** @throws FORBIDDEN for anybody but oneself without USER_READ */
  async find(actor: Actor, ref: PersonRef): Promise<Agent | null> {
    const person = await findPerson(this.reader, actor, "agent", parseInput(personRef, ref));
    if (!person) return null;
    const agents = await this.reader.rows(
      Agent,
      `SELECT ${this.reader.table(Agent).columns("a")} FROM agents a WHERE a.user_id = $1`,
      [person.id],
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
   * Gives a role; a new agent is AVAILABLE at once. Giving it again changes nothing.
   *
   * @throws CONFLICT for a deactivated user
   */
  async register(actor: Actor, input: LivechatRoleInput): Promise<User> {
    const { user, role } = parseInput(roleInput, input);
    return this.editRoles(actor, "registerAgent", user, async (change, person) => {
      if (!person.active) throw conflict("The user is deactivated", { id: person.globalId });
      const { identifiers } = await change.manager
        .createQueryBuilder()
        .insert()
        .into(roleEntities[role])
        .values({ userId: person.id })
        .orIgnore()
        .returning("user_id")
        .execute();
      return identifiers.some(Boolean) ? { after: { role } } : null;
    });
  }

  /**
   * Takes a role away; the user stays.
   *
   * @throws NOT_FOUND when the user does not hold it
   */
  async remove(actor: Actor, input: LivechatRoleInput): Promise<User> {
    const { user, role } = parseInput(roleInput, input);
    return this.editRoles(actor, "removeAgent", user, async (change, person) => {
      const { affected } = await change.manager.delete(roleEntities[role], { userId: person.id });
      if (!affected) throw notFound(role === "AGENT" ? "Agent" : "Manager", person.globalId);
      return { before: { role } };
    });
  }

  /**
   * Takes an agent into live channels or out of them.
   *
   * @throws NOT_FOUND when the user is no agent, CONFLICT when deactivated
   */
  async setAvailability(actor: Actor, input: SetAvailabilityInput): Promise<Agent> {
    const { user, availability } = parseInput(setAvailabilityInput, input);
    const person = await this.editRoles(
      actor,
      "setAgentAvailability",
      user,
      async (change, { id, active, globalId }) => {
        if (!active) throw conflict("The user is deactivated", { id: globalId });
        const agent = await change.manager.findOneBy(Agent, { userId: id });
        if (!agent) throw notFound("Agent", globalId);
        if (agent.availability === availability) return null;
        await change.manager.update(Agent, { userId: id }, { availability });
        return { before: { availability: agent.availability }, after: { availability } };
      },
    );
    return this.dataSource.manager.findOneByOrFail(Agent, { userId: person.id });
  }

  private async editRoles(
    actor: Actor,
    action: Operation,
    ref: PersonRef,
    edit: (change: Change, person: User) => Promise<{ before?: object; after?: object } | null>,
  ): Promise<User> {
    const { id } = await getPerson(this.reader, actor, action, parseInput(personRef, ref));
    return inChange(this.dataSource, actor, async (change) => {
      const person = await lockUser(change.manager, id);
      const difference = await edit(change, person);
      if (difference) {
        const target = { targetType: "User", targetId: person.globalId };
        change.audit({ action, ...target, ...difference });
        change.announce({
          topic: "userChanged",
          subject: person.globalId,
          payload: { cause: action },
        });
      }
      return person;
    });
  }
}
