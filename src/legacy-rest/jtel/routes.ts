import { z } from "zod";
import { unauthenticated } from "../../errors/domain-error.js";
import { type LegacyContext, legacyRoute } from "../dialect.js";
import { jsonObjectStream } from "../json-stream.js";
import { toJtelUser } from "./mappers.js";
import { jtelRecords, jtelUserList } from "./schemas.js";

const clientsParams = z.object({ clientsId: z.string() });

/** Bad token, wrong ClientsID and a pair that does not match have one code. */
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
    answer: (context, { params }) => {
      assertClientsId(context, params.clientsId);
      const { services, actor, config } = context;
      const batches = services.people.stream(actor, "users", { orderBy: "jtelUid" });
      let count = 0;
      const records = async function* () {
        for await (const people of batches) {
          count += people.length;
          yield people.map((person) => toJtelUser(person, config.jtel.clientsId));
        }
      };
      const body = jsonObjectStream([
        ["filter", ""],
        ["limitStart", 0],
        ["limitPageSize", -1],
        ["records", records()],
        ["count", () => count],
        ["orderBy", "UID"],
        ["ascending", true],
        ["status", 200],
      ]);
      return Promise.resolve({ status: 200, body });
    },
  }),
  legacyRoute({
    method: "GET",
    path: "/:clientsId/users/user/:usersId",
    operation: "users",
    summary: "One user by ID",
    request: z.object({ params: clientsParams.extend({ usersId: z.string() }) }),
    response: jtelRecords,
    answer: async (context, { params }) => {
      assertClientsId(context, params.clientsId);
      const { services, actor, config } = context;
      const external = { system: "JTEL" as const, id: params.usersId };
      const person = await services.people.get(actor, "users", { external });
      const records = [toJtelUser(person, config.jtel.clientsId)];
      return { status: 200, body: { records, count: 1, status: 200 } };
    },
  }),
];
