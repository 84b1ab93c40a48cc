import { spread, wholly, type Workload } from "./workload.js";

export const omnideskIndex: Workload = {
  name: "R1",
  title: "Omnidesk's index page: 50 complete users of the first 1,000, and the total",
  connections: 50,
  isGraphql: false,
  values: () => Promise.resolve(spread(20, 1000).map((itemStart) => ({ itemStart }))),
  request: ({ itemStart }) => ({
    method: "GET",
    path: `/api/v2/user?itemStart=${itemStart}&itemLimit=50`,
  }),
  comparable: wholly,
};
