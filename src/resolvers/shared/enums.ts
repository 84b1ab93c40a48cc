import { registerEnumType } from "type-graphql";
import { agentOrderFields } from "../../services/agents/agent-list.js";
import { orderDirections, userOrderFields } from "../../services/users/user-list.js";

const enumObject = <Value extends string>(values: readonly Value[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const OrderDirectionEnum = enumObject(orderDirections);
registerEnumType(OrderDirectionEnum, {
  name: "OrderDirection",
  description: "Which way a list runs.",
  valuesConfig: {
    ASC: { description: "Lowest or oldest first." },
    DESC: { description: "Highest or newest first." },
  },
});

export const UserOrderFieldEnum = enumObject(userOrderFields);
registerEnumType(UserOrderFieldEnum, {
  name: "UserOrderField",
  description: "What a list of users is ordered by.",
  valuesConfig: {
    USERNAME: { description: "The login name, whatever the case of its letters." },
    NAME: { description: "The last name, then the first name." },
    CREATED_AT: { description: "When the user was made." },
  },
});

export const AgentOrderFieldEnum = enumObject(agentOrderFields);
registerEnumType(AgentOrderFieldEnum, {
  name: "AgentOrderField",
  description: "What a list of agents is ordered by.",
  valuesConfig: {
    USERNAME: { description: "The login name, whatever the case of its letters." },
    REGISTERED_AT: { description: "When the user became an agent." },
  },
});
