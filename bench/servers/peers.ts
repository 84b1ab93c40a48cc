import { resolve } from "node:path";
import type { BenchedServer } from "./server.js";

/** This file runs from dist/bench/servers. The peers have their own packages. */
export const PEERS = resolve(__dirname, "..", "..", "..", "bench");

const peer = (name: string, title: string, file: string): BenchedServer => ({
  name,
  title,
  command: (databaseUrl) => ({
    program: process.execPath,
    args: [resolve(PEERS, "peers", "dist", "peers", file)],
    env: { DATABASE_URL: databaseUrl, NODE_ENV: "production" },
  }),
  listening: /listening (\S+)/,
  headers: {},
  // They have no legacy REST APIs.
  request: (workload, values) => (workload.isGraphql ? workload.request(values) : null),
});

export const mercurius = peer(
  "mercurius",
  "Mercurius on Fastify, with JIT and loaders, raw SQL",
  "mercurius.js",
);

export const yoga = peer("yoga", "GraphQL Yoga on node:http, with DataLoader, raw SQL", "yoga.js");

export const naive = peer(
  "naive",
  "Apollo on Express, type-graphql, TypeORM's repositories, DataLoader",
  "naive/main.js",
);
