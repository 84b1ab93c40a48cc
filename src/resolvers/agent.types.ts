import { Field, ID, InputType } from "type-graphql";
import type { Availability, LivechatRole, StatusClass } from "../domain/vocabulary.js";
import { Agent } from "../entities/agent.entity.js";
import { AvailabilityEnum, LivechatRoleEnum, StatusClassEnum } from "../entities/enums.js";
import { User } from "../entities/user.entity.js";
import type { agentOrderFields } from "../services/agents/agent-list.js";
import type { orderDirections } from "../services/users/user-list.js";
import { connectionType } from "./shared/connection.js";
import { AgentOrderFieldEnum, OrderDirectionEnum } from "./shared/enums.js";
import { payloadType } from "./shared/payload.js";
import { UserBy } from "./user-by.input.js";

export const AgentConnection = connectionType("Agent", Agent);

@InputType({ description: "Which agents to list; all parts that are given must be true." })
export class AgentFilter {
  @Field(() => String, {
    nullable: true,
    description: "As in UserFilter: over username, name, e-mail address and telephone number.",
  })
  search?: string | null;

  @Field(() => LivechatRoleEnum, {
    nullable: true,
    description: "MANAGER: agents who are managers as well. AGENT: every agent.",
  })
  role?: LivechatRole | null;

  @Field(() => AvailabilityEnum, { nullable: true, description: "With this availability only." })
  availability?: Availability | null;

  @Field(() => [StatusClassEnum], {
    nullable: true,
    description: "Agents whose status in effect is of one of these classes.",
  })
  statusClass?: StatusClass[] | null;

  @Field(() => ID, { nullable: true, description: "Members of this group only." })
  groupId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Agents who could be given another chat, or could not.",
  })
  hasFreeSlot?: boolean | null;
}

@InputType({ description: "How to order a list of agents." })
export class AgentOrder {
  @Field(() => AgentOrderFieldEnum, { description: "By what." })
  field!: (typeof agentOrderFields)[number];

  @Field(() => OrderDirectionEnum, { nullable: true, description: "Without it: ASC." })
  direction?: (typeof orderDirections)[number] | null;
}

@InputType({ description: "What `registerAgent` needs." })
export class RegisterAgentInput {
  @Field(() => UserBy, { description: "Who gets the role." })
  user!: UserBy;

  @Field(() => LivechatRoleEnum, { description: "Which role." })
  role!: LivechatRole;
}

@InputType({ description: "What `removeAgent` needs." })
export class RemoveAgentInput {
  @Field(() => UserBy, { description: "Who loses the role." })
  user!: UserBy;

  @Field(() => LivechatRoleEnum, { description: "Which role." })
  role!: LivechatRole;
}

@InputType({ description: "What `setAgentAvailability` needs." })
export class SetAgentAvailabilityInput {
  @Field(() => UserBy, { description: "Which agent." })
  user!: UserBy;

  @Field(() => AvailabilityEnum, { description: "Whether to take part in live channels." })
  availability!: Availability;
}

const user = { type: () => User, description: "The person, who stays whatever the role." };

export const RegisterAgentPayload = payloadType("RegisterAgent", {
  agent: {
    type: () => Agent,
    nullable: true,
    description: "The agent; null for a person who is a manager only.",
  },
  user,
});
export const RemoveAgentPayload = payloadType("RemoveAgent", { user });
export const SetAgentAvailabilityPayload = payloadType("SetAgentAvailability", {
  agent: { type: () => Agent, description: "The agent after the change." },
});
