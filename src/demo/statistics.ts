import type { DemoUsername } from "./users.js";

interface DemoStatistic {
  readonly username: DemoUsername;
  readonly statistic: string;
  readonly primary?: string;
  readonly secondary?: string;
  readonly watched: boolean;
}

export const demoStatistics: readonly DemoStatistic[] = [
  { username: "ines.moreau", statistic: "tickets_open", watched: true },
  { username: "margaret.okafor", statistic: "agents_available", primary: "1", watched: true },
  { username: "margaret.okafor", statistic: "agents_available", primary: "2", watched: false },
  {
    username: "margaret.okafor",
    statistic: "chats_waiting",
    primary: "livechat",
    secondary: "today",
    watched: true,
  },
  { username: "rafael.ortiz-vega", statistic: "chats_waiting", primary: "livechat", watched: true },
  { username: "john.doe", statistic: "tickets_closed", primary: "today", watched: true },
  { username: "john.doe", statistic: "tickets_closed", primary: "week", watched: false },
  { username: "olga.smirnova", statistic: "calls_answered", primary: "today", watched: true },
  { username: "daan.de.vries", statistic: "response_time", watched: false },
];
