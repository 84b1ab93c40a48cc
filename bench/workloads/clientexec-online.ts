import type { Workload } from "./workload.js";

interface Person {
  readonly time: string;
}

interface Answer {
  readonly timestamp: number;
  readonly elapsed: string;
  readonly users: readonly Person[];
  readonly offlineusers: readonly Person[];
}

/** How long somebody has been online grows by the minute. */
const isDuration = (time: string): string => String(/^(\d+h )?\d+m$/.test(time));

export const clientexecOnline: Workload = {
  name: "R2",
  title: "Clientexec's online users, and those who were there lately",
  connections: 8,
  isGraphql: false,
  values: () => Promise.resolve([{}]),
  request: () => ({ method: "GET", path: "/api/v2/clients/users/usersonline" }),
  comparable: (answer) => {
    const { timestamp, elapsed, users, offlineusers, ...rest } = JSON.parse(answer) as Answer;
    const timeless = (people: readonly Person[]) =>
      people.map((person) => ({ ...person, time: isDuration(person.time) }));
    return {
      ...rest,
      timestamp: Number.isInteger(timestamp),
      elapsed: /^\d+\.\d{3}$/.test(elapsed),
      users: timeless(users),
      offlineusers: timeless(offlineusers),
    };
  },
};
