import { registerEnumType } from "type-graphql";
import { agentOrderFields } from "../../services/agents/agent-list.js";
import { orderDirections, userOrderFields } from "../../services/users/user-list.js";

const enumObject = <Value extends string>(values: readonly Value[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const OrderDirectionEnum = enumObject(orderDirections);
registerEnumType(OrderDirectionEnum, {
  name: "OrderDirection",
  description: "The direction of an order.",
  valuesConfig: {
    ASC: { description: "Lowest or oldest first." },
    DESC: { description: "Highest or newest first." },
  },
});

export const UserOrderFieldEnum = enumObject(userOrderFields);
registerEnumType(UserOrderFieldEnum, {
  name: "UserOrderField",
  description: "The sort key of a list of users.",
  valuesConfig: {
    USERNAME: { description: "The login name, case-insensitive." },
    NAME: { description: "The last name, then the first name." },
    CREATED_AT: { description: "When the user was created." },
  },
});

export const AgentOrderFieldEnum = enumObject(agentOrderFields);
registerEnumType(AgentOrderFieldEnum, {
  name: "AgentOrderField",
  description: "The sort key of a list of agents.",
  valuesConfig: {
    USERNAME: { description: "The login name, case-insensitive." },
    REGISTERED_AT: { description: "When the user became an agent." },
  },
});
