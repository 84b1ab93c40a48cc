import type { Workload } from "./workload.js";

interface OnlineUser {
  readonly time: string;
}

interface Response {
  readonly timestamp: number;
  readonly elapsed: string;
  readonly users: readonly OnlineUser[];
  readonly offlineusers: readonly OnlineUser[];
}

/** The time online grows by the minute. */
const isDuration = (time: string): string => String(/^(\d+h )?\d+m$/.test(time));

export const clientexecOnline: Workload = {
  name: "R2",
  title: "Clientexec's online users, and the users that were online lately",
  connections: 8,
  isGraphql: false,
  values: () => Promise.resolve([{}]),
  request: () => ({ method: "GET", path: "/api/v2/clients/users/usersonline" }),
  comparable: (response) => {
    const { timestamp, elapsed, users, offlineusers, ...rest } = JSON.parse(response) as Response;
    const timeless = (list: readonly OnlineUser[]) =>
      list.map((user) => ({ ...user, time: isDuration(user.time) }));
    return {
      ...rest,
      timestamp: Number.isInteger(timestamp),
      elapsed: /^\d+\.\d{3}$/.test(elapsed),
      users: timeless(users),
      offlineusers: timeless(offlineusers),
    };
  },
};
