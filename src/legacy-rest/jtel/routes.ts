import { z } from "zod";
import { notFound, unauthenticated } from "../../errors/domain-error.js";
import { type LegacyContext, legacyRoute } from "../dialect.js";
import { jsonObjectStream } from "../json-stream.js";
import { wireText } from "../wire.js";
import { fromUsersId, jtelColumns, toJtelUser, toJtelUsers } from "./mappers.js";
import { jtelRecords, jtelUserList } from "./schemas.js";

const clientsParams = z.object({
  clientsId: z.string().meta({ description: "The tenant of this installation." }),
});

const usersParams = clientsParams.extend({
  usersId: z.string().meta({ description: "The ID of the user." }),
});

const uidQuery = z.object({
  uid: wireText
    .refine((uid) => uid !== "", "must not be empty")
    .meta({ description: "A part of the UID, case-insensitive." }),
});

/** An invalid token, a wrong ClientsID and a pair that does not match have the same code. */
function assertClientsId({ config }: LegacyContext, clientsId: string): void {
  if (clientsId !== String(config.jtel.clientsId)) {
    throw unauthenticated("The token does not belong to this ClientsID");
  }
}

export const jtelRoutes = [
  legacyRoute({
    method: "GET",
    path: "/:clientsId/users",
    operation: "users",
    summary: "All users, by UID",
    request: z.object({ params: clientsParams }),
    response: jtelUserList,
    handle: (context, { params }) => {
      assertClientsId(context, params.clientsId);
      const { services, actor, config } = context;
      const allUsers = { orderBy: "jtelUid" } as const;
      const body = services.legacyLists.inSnapshot(actor, "users", async function* (snapshot) {
        const count = await snapshot.count(allUsers);
        yield* jsonObjectStream([
          ["filter", ""],
          ["limitStart", 0],
          ["limitPageSize", -1],
          ["records", toJtelUsers(snapshot.stream(jtelColumns, allUsers), config.jtel)],
          ["count", count],
          ["orderBy", "UID"],
          ["ascending", true],
          ["status", 200],
        ]);
      });
      return { status: 200, body };
    },
  }),
  legacyRoute({
    method: "GET",
    path: "/:clientsId/users/user/:usersId",
    operation: "users",
    summary: "One user, by ID",
    request: z.object({ params: usersParams }),
    response: jtelRecords,
    handle: async (context, { params }) => {
      assertClientsId(context, params.clientsId);
      const { services, actor, config } = context;
      const fullUser = await services.legacyLists.get(actor, "users", fromUsersId(params.usersId));
      const records = [toJtelUser(fullUser, config.jtel)];
      return { status: 200, body: { records, count: 1, status: 200 } };
    },
  }),
  legacyRoute({
    method: "GET",
    path: "/:clientsId/users/user",
    operation: "users",
    summary: "All users whose UID contains this text, by UID",
    request: z.object({ params: clientsParams, query: uidQuery }),
    response: jtelRecords,
    handle: (context, { params, query }) => {
      assertClientsId(context, params.clientsId);
      const { services, actor, config } = context;
      const matching = { jtelUid: query.uid, orderBy: "jtelUid" } as const;
      const body = services.legacyLists.inSnapshot(actor, "users", async function* (snapshot) {
        const count = await snapshot.count(matching);
        if (count === 0) throw notFound("User", query.uid);
        yield* jsonObjectStream([
          ["records", toJtelUsers(snapshot.stream(jtelColumns, matching), config.jtel)],
          ["count", count],
          ["status", 200],
        ]);
      });
      return { status: 200, body };
    },
  }),
];
