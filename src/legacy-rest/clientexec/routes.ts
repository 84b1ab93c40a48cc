import { z } from "zod";
import { legacyRoute } from "../dialect.js";
import { jsonObjectStream } from "../json-stream.js";
import {
  clientexecColumns,
  toElapsed,
  toOfflineUser,
  toOnlineUsers,
  toTimestamp,
} from "./mappers.js";
import { usersOnline } from "./schemas.js";

/** The path of the change log, then those of the web pages and of the documentation. */
const [path, ...aliases] = [
  "/v2/clients/users/usersonline",
  "/v2/resource/users/usersonline",
  "/v2/users/usersonline",
  "/v2/accounts/usersonline",
  "/clients/users/usersonline",
  "/resource/users/usersonline",
  "/users/usersonline",
  "/accounts/usersonline",
] as const;

export const clientexecRoutes = [
  legacyRoute({
    method: "GET",
    path,
    aliases,
    ignoresFurtherSegments: true,
    operation: "presences",
    summary: "Get Online Users: the users online now and recently",
    request: z.object({}),
    response: usersOnline,
    handle: ({ services, actor, config: { clientexec } }) => {
      const startedAt = performance.now();
      const online = { online: true, orderBy: "clientexecId" } as const;
      const offline = {
        online: false,
        seenWithinHours: clientexec.offlineHours,
        orderBy: "lastSeen",
        descending: true,
      } as const;
      const body = services.legacyLists.inSnapshot(actor, "presences", async function* (snapshot) {
        const [count, gone] = await Promise.all([
          snapshot.count(online),
          snapshot.first(clientexecColumns, offline, clientexec.offlineLimit),
        ]);
        const there = snapshot.stream(clientexecColumns, online, count);
        yield* jsonObjectStream([
          ["timestamp", toTimestamp(snapshot.at)],
          ["staff", []],
          ["customers", []],
          ["count", count],
          ["offlinecount", gone.length],
          ["users", toOnlineUsers(there, snapshot.at, clientexec)],
          ["offlineusers", gone.map((user) => toOfflineUser(user, snapshot.at, clientexec))],
          ["superadmin", 0],
          ["self", 0],
          ["elapsed", () => toElapsed(performance.now() - startedAt)],
          ["message", ""],
        ]);
      });
      return { status: 200, body };
    },
  }),
];
