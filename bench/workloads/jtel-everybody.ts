import { wholly, type Workload } from "./workload.js";

export const jtelEverybody: Workload = {
  name: "R3",
  title: "jtel's list of all users",
  connections: 2,
  isGraphql: false,
  values: () => Promise.resolve([{}]),
  request: () => ({ method: "GET", path: "/rest/v1.0/1/users" }),
  comparable: wholly,
};
