import "reflect-metadata";
import { ApolloServer } from "@apollo/server";
import { expressMiddleware } from "@as-integrations/express5";
import express from "express";
import type { AddressInfo } from "node:net";
import { buildSchema } from "type-graphql";
import { DataSource } from "typeorm";
import * as entities from "./entities.js";
import { type Context, createLoaders } from "./loaders.js";
import { PresenceResolver, UserResolver } from "./resolvers.js";

/** Combined as in their guides: Apollo on Express, type-graphql, TypeORM's repositories, DataLoader. */
async function run(): Promise<void> {
  const dataSource = await new DataSource({
    type: "postgres",
    url: process.env["DATABASE_URL"] ?? "",
    entities: Object.values(entities),
  }).initialize();
  const schema = await buildSchema({
    resolvers: [UserResolver, PresenceResolver],
    validate: false,
    scalarsMap: [],
  });
  const server = new ApolloServer<Context>({ schema });
  await server.start();
  const context = () => Promise.resolve({ dataSource, loaders: createLoaders(dataSource) });
  const app = express();
  app.use("/graphql", express.json(), expressMiddleware(server, { context }));
  const listener = app.listen(0, "127.0.0.1", () => {
    const { port } = listener.address() as AddressInfo;
    process.stdout.write(`listening http://127.0.0.1:${port}\n`);
  });
}

void run();
