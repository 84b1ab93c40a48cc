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
import { UserBy } from "./users/user-by.input.js";

export const AgentConnection = connectionType("Agent", Agent);

@InputType({ description: "Conditions for a list of agents; all given conditions must hold." })
export class AgentFilter {
  @Field(() => String, {
    nullable: true,
    description: "As in UserFilter: searches username, name, e-mail address and phone number.",
  })
  search?: string | null;

  @Field(() => LivechatRoleEnum, {
    nullable: true,
    description: "MANAGER: agents that are also managers. AGENT: every agent.",
  })
  role?: LivechatRole | null;

  @Field(() => AvailabilityEnum, {
    nullable: true,
    description: "Only agents with this availability.",
  })
  availability?: Availability | null;

  @Field(() => [StatusClassEnum], {
    nullable: true,
    description: "Only agents whose status in effect has one of these classes.",
  })
  statusClass?: StatusClass[] | null;

  @Field(() => ID, { nullable: true, description: "Only members of this group." })
  groupId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Only agents with, or without, a free slot.",
  })
  hasFreeSlot?: boolean | null;
}

@InputType({ description: "The order of a list of agents." })
export class AgentOrder {
  @Field(() => AgentOrderFieldEnum, { description: "The sort key." })
  field!: (typeof agentOrderFields)[number];

  @Field(() => OrderDirectionEnum, { nullable: true, description: "Default: ASC." })
  direction?: (typeof orderDirections)[number] | null;
}

@InputType({ description: "Input of `registerAgent`." })
export class RegisterAgentInput {
  @Field(() => UserBy, { description: "The user that gets the role." })
  user!: UserBy;

  @Field(() => LivechatRoleEnum, { description: "The role." })
  role!: LivechatRole;
}

@InputType({ description: "Input of `removeAgent`." })
export class RemoveAgentInput {
  @Field(() => UserBy, { description: "The user that loses the role." })
  user!: UserBy;

  @Field(() => LivechatRoleEnum, { description: "The role." })
  role!: LivechatRole;
}

@InputType({ description: "Input of `setAgentAvailability`." })
export class SetAgentAvailabilityInput {
  @Field(() => UserBy, { description: "The agent." })
  user!: UserBy;

  @Field(() => AvailabilityEnum, { description: "Whether the agent takes part in live channels." })
  availability!: Availability;
}

const user = { type: () => User, description: "The user, which stays whatever its roles." };

export const RegisterAgentPayload = payloadType("RegisterAgent", {
  agent: {
    type: () => Agent,
    nullable: true,
    description: "The agent; null when the user is a manager only.",
  },
  user,
});
export const RemoveAgentPayload = payloadType("RemoveAgent", { user });
export const SetAgentAvailabilityPayload = payloadType("SetAgentAvailability", {
  agent: { type: () => Agent, description: "The agent after the change." },
});
