/** Rows of idempotent_requests as version 0 wrote them. The users do not exist, so only the row can produce the response. */

export interface Request {
  readonly door: "GRAPHQL" | "OMNIDESK" | "ROCKET_CHAT";
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export const graphql = (query: string): Request => ({
  door: "GRAPHQL",
  method: "POST",
  path: "/graphql",
  body: JSON.stringify({ query }),
});
const omnidesk = (method: string, action: string, body: object): Request => ({
  door: "OMNIDESK",
  method,
  path: `/api/v2/user${action}`,
  body: JSON.stringify(body),
});
const rocketChat = (path: string, body: object): Request => ({
  door: "ROCKET_CHAT",
  method: "POST",
  path: `/api/v1/${path}`,
  body: JSON.stringify(body),
});

const AT = 1_772_357_400_123;
const AT_ISO = "2026-03-01T09:30:00.123Z";

const USER = `{"$type":"User","is":{"id":4711,"username":"ana","firstname":"Ana","lastname":null,"email":"ana@example.org","emailVerified":false,"telephone":null,"language":"en","dateFormat":"en_GB","kind":"STAFF","active":true,"permissions":["USER_CUD"],"clientexecId":"4711","rocketChatId":"aaaaaaaaaaaaaaaaa","jtelId":4711,"jtelUid":"ana","omnideskId":4711,"version":1,"createdAt":{"$type":"Date","is":${AT}},"updatedAt":{"$type":"Date","is":${AT}}}}`;
const PRESENCE = `{"$type":"Presence","is":{"userId":4711,"statusId":2,"source":"MANUAL","since":{"$type":"Date","is":${AT}},"changesAt":{"$type":"Date","is":${AT}},"plan":[{"at":"${AT_ISO}","statusId":4,"source":"CONNECTION","since":"${AT_ISO}"}],"leaseUntil":null,"onlineSince":null,"lastSeenAt":null,"lastRequestedAt":null,"lastViewModule":null,"lastViewName":null,"lastViewTarget":null,"telephoneStatus":"FREE","telephoneChangedAt":null,"readAt":{"$type":"Date","is":${AT}}}}`;
const RESERVATION = `{"$type":"Reservation","is":{"id":"12","userId":4711,"channel":"livechat","state":"HELD","heldAt":{"$type":"Date","is":${AT}},"expiresAt":{"$type":"Date","is":${AT}},"fencingToken":5,"reservedBy":"dialler","readAt":{"$type":"Date","is":${AT}}}}`;
const API_KEY = `{"$type":"ApiKey","is":{"id":99,"name":"dialler","prefix":"rc_abc","generation":1,"permissions":["USER_READ"],"ownerUserId":null,"createdAt":{"$type":"Date","is":${AT}},"expiresAt":null,"lastUsedAt":null,"revokedAt":null}}`;
export const view = (id: number, name: string) =>
  `{"is":{"$type":"View","is":{"id":${id},"name":"${name}"}}}`;

interface Row {
  readonly name: string;
  readonly request: Request;
  /** What version 0 stored of the changes. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** What the response contains. */
  readonly body: object;
}

const by = `user: { username: "ana" }`;

export const rows: readonly Row[] = [
  {
    name: "createUser",
    request: graphql(`
      mutation {
        createUser(input: { username: "ana" }) {
          user {
            username
            displayName
            createdAt
          }
        }
      }
    `),
    outcomes: { "users.create 1": `{"is":${USER}}` },
    body: {
      data: { createUser: { user: { username: "ana", displayName: "Ana", createdAt: AT_ISO } } },
    },
  },
  {
    name: "setStatus",
    request: graphql(
      `mutation { setStatus(input: { ${by}, statusId: 2 }) { applied presence { source since until online } } }`,
    ),
    outcomes: { "presence.setStatus 1": `{"is":{"presence":${PRESENCE},"applied":false}}` },
    body: {
      data: {
        setStatus: {
          applied: false,
          presence: { source: "MANUAL", since: AT_ISO, until: AT_ISO, online: false },
        },
      },
    },
  },
  {
    name: "createApiKey",
    request: graphql(`
      mutation {
        createApiKey(input: { name: "dialler", permissions: [USER_READ] }) {
          secret
          apiKey {
            name
            createdAt
          }
        }
      }
    `),
    outcomes: { "apiKeys.create 1": `{"is":{"apiKey":${API_KEY},"secret":"rc_abcdef"}}` },
    body: {
      data: {
        createApiKey: { secret: "rc_abcdef", apiKey: { name: "dialler", createdAt: AT_ISO } },
      },
    },
  },
  {
    name: "importUsers",
    request: graphql(`
      mutation {
        importUsers(input: { rows: [{ username: "ana" }] }) {
          results {
            outcome
            username
          }
        }
      }
    `),
    outcomes: {
      "imports.importUsers 1": `{"is":[{"row":0,"outcome":"CREATED","userId":null,"username":"ana","matchedBy":null,"faults":[]}]}`,
    },
    body: { data: { importUsers: { results: [{ outcome: "CREATED", username: "ana" }] } } },
  },
  {
    name: "several mutations, two of them of one kind",
    request: graphql(`
      mutation {
        a: createView(input: { name: "A" }) {
          view {
            name
          }
        }
        refreshTab(input: { tabId: "t" }) {
          tabId
        }
        b: createView(input: { name: "B" }) {
          view {
            name
          }
        }
      }
    `),
    outcomes: {
      "tabs.refresh 1": `{"is":"t"}`,
      "catalogue.createView 1": view(4711, "A"),
      "catalogue.createView 2": view(4712, "B"),
    },
    body: {
      data: {
        a: { view: { name: "A" } },
        refreshTab: { tabId: "t" },
        b: { view: { name: "B" } },
      },
    },
  },
  {
    name: "Omnidesk's change of a user",
    request: omnidesk("PUT", "/4711", { firstname: "Ana" }),
    outcomes: { "users.update 1": `{"is":${USER}}` },
    body: { type: "result", message: "User updated" },
  },
  {
    name: "Omnidesk's reservation",
    request: omnidesk("POST", "/reserveUserForLiveChannel", { userID: 4711 }),
    outcomes: { "reservations.reserve 1": `{"is":${RESERVATION}}` },
    body: {
      type: "result",
      message: "User reserved",
      reservationID: 12,
      expiresAt: "2026-03-01 09:30:00",
      fencingToken: 5,
    },
  },
  {
    name: "Omnidesk's switch of incognito mode",
    request: omnidesk("PUT", "/ticketIncognitoMode", { userID: 4711, state: 1 }),
    outcomes: {
      "settings.update 1": `{"is":{"$type":"UserSettings","is":{"userId":4711,"maxChats":3,"chatSoundNewMessage":true,"notifyOnTicketAssignment":true,"ticketIncognitoMode":true,"callsAutoAnswer":false,"telephoneCallsForwarding":false,"useWebMail":false,"useWebEmail":false}}}`,
    },
    body: { type: "result", message: "Incognito mode updated" },
  },
  {
    name: "Rocket.Chat's registration of an agent",
    request: rocketChat("livechat/users/agent", { username: "ana" }),
    outcomes: { "agents.register 1": `{"is":${USER}}` },
    body: { success: true, user: { _id: "aaaaaaaaaaaaaaaaa", username: "ana" } },
  },
  {
    name: "Rocket.Chat's change of an agent's availability",
    request: rocketChat("livechat/agent.status", { agentId: "aaaaaaaaaaaaaaaaa" }),
    outcomes: {
      "agents.setAvailability 1": `{"is":{"$type":"Agent","is":{"userId":4711,"availability":"NOT_AVAILABLE","registeredAt":{"$type":"Date","is":${AT}}}}}`,
    },
    body: { success: true, status: "not-available" },
  },
];
