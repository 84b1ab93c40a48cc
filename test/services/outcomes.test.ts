import { getMetadataArgsStorage } from "typeorm";
import { Agent } from "../../src/entities/agent.entity.js";
import { ApiKey } from "../../src/entities/api-key.entity.js";
import { Campaign, UserCampaign } from "../../src/entities/campaign.entity.js";
import { Group } from "../../src/entities/group.entity.js";
import { LoginSession } from "../../src/entities/login-session.entity.js";
import { Presence } from "../../src/entities/presence.entity.js";
import { Reservation } from "../../src/entities/reservation.entity.js";
import { Status } from "../../src/entities/status.entity.js";
import { UserSettings } from "../../src/entities/user-settings.entity.js";
import { UserStatistic } from "../../src/entities/user-statistic.entity.js";
import { User } from "../../src/entities/user.entity.js";
import { UserView, View } from "../../src/entities/view.entity.js";
import { outcomes } from "../../src/services/idempotency/outcomes.js";

const NOW = "2026-03-01T09:30:00.123Z";
const now = new Date(NOW);
const at = now.getTime();

const made = <Row extends object>(type: new () => Row, properties: Partial<Row>): Row =>
  Object.assign(new type(), properties);

const agent = made(Agent, { userId: 7, availability: "NOT_AVAILABLE", registeredAt: now });
const apiKey = made(ApiKey, {
  id: 3,
  name: "dialler",
  prefix: "rc_abc",
  generation: 2,
  permissions: ["USER_READ", "ADMIN"],
  ownerUserId: null,
  createdAt: now,
  expiresAt: null,
  lastUsedAt: now,
  revokedAt: null,
});
const presence = made(Presence, {
  userId: 7,
  statusId: 2,
  source: "MANUAL",
  since: now,
  changesAt: now,
  plan: [{ at: NOW, statusId: 1, source: "CONNECTION", since: NOW }],
  leaseUntil: new Date(at + 1000),
  onlineSince: now,
  lastSeenAt: now,
  lastRequestedAt: null,
  lastViewModule: "tickets",
  lastViewName: "list",
  lastViewTarget: null,
  telephoneStatus: "FREE",
  telephoneChangedAt: null,
  readAt: now,
  duePlan: null,
});

/** By the name of the outcome: a value, and its text in version 1. A text is never edited: that would lose stored rows. */
const stored: Record<keyof typeof outcomes, readonly [value: unknown, text: string]> = {
  agent: [
    agent,
    `{"version":1,"type":"Agent","value":{"userId":7,"availability":"NOT_AVAILABLE","registeredAt":${at}}}`,
  ],
  apiKey: [
    apiKey,
    `{"version":1,"type":"ApiKey","value":{"id":3,"name":"dialler","prefix":"rc_abc","generation":2,"permissions":["USER_READ","ADMIN"],"ownerUserId":null,"createdAt":${at},"expiresAt":null,"lastUsedAt":${at},"revokedAt":null}}`,
  ],
  campaign: [
    made(Campaign, { id: 4, name: "Spring" }),
    `{"version":1,"type":"Campaign","value":{"id":4,"name":"Spring"}}`,
  ],
  createdApiKey: [
    { apiKey: made(ApiKey, { id: 3 }), secret: "s" },
    `{"version":1,"type":"CreatedApiKey","value":{"apiKey":{"id":3},"secret":"s"}}`,
  ],
  group: [
    made(Group, { id: 4, name: "Sales" }),
    `{"version":1,"type":"Group","value":{"id":4,"name":"Sales"}}`,
  ],
  importResults: [
    [
      {
        row: 0,
        outcome: "REFUSED",
        userId: null,
        username: null,
        matchedBy: null,
        faults: [{ path: "email", message: "is none" }],
      },
    ],
    `{"version":1,"type":"ImportResults","value":[{"row":0,"outcome":"REFUSED","userId":null,"username":null,"matchedBy":null,"faults":[{"path":"email","message":"is none"}]}]}`,
  ],
  nothing: [undefined, `{"version":1,"type":"Nothing","value":null}`],
  presence: [
    presence,
    `{"version":1,"type":"Presence","value":{"userId":7,"statusId":2,"source":"MANUAL","since":${at},"changesAt":${at},"plan":[{"at":"${NOW}","statusId":1,"source":"CONNECTION","since":"${NOW}"}],"leaseUntil":${at + 1000},"onlineSince":${at},"lastSeenAt":${at},"lastRequestedAt":null,"lastViewModule":"tickets","lastViewName":"list","lastViewTarget":null,"telephoneStatus":"FREE","telephoneChangedAt":null,"readAt":${at},"duePlan":null}}`,
  ],
  reservation: [
    made(Reservation, {
      id: "12",
      userId: 7,
      channel: "livechat",
      state: "HELD",
      heldAt: now,
      expiresAt: now,
      fencingToken: 5,
      reservedBy: "dialler",
      readAt: now,
    }),
    `{"version":1,"type":"Reservation","value":{"id":"12","userId":7,"channel":"livechat","state":"HELD","heldAt":${at},"expiresAt":${at},"fencingToken":5,"reservedBy":"dialler","readAt":${at}}}`,
  ],
  rotatedApiKey: [
    { apiKey: made(ApiKey, { id: 3 }), secret: "s", oldSecretUntil: now },
    `{"version":1,"type":"RotatedApiKey","value":{"apiKey":{"id":3},"secret":"s","oldSecretUntil":${at}}}`,
  ],
  session: [
    made(LoginSession, {
      id: 9,
      userId: 7,
      address: "::1",
      createdAt: now,
      expiresAt: now,
      lastUsedAt: null,
      revokedAt: now,
    }),
    `{"version":1,"type":"Session","value":{"id":9,"userId":7,"address":"::1","createdAt":${at},"expiresAt":${at},"lastUsedAt":null,"revokedAt":${at}}}`,
  ],
  status: [
    made(Status, {
      id: 2,
      name: "Busy",
      class: "BUSY",
      color: "#c62828",
      selectable: true,
      position: 2,
    }),
    `{"version":1,"type":"Status","value":{"id":2,"name":"Busy","class":"BUSY","color":"#c62828","selectable":true,"position":2}}`,
  ],
  statusOutcome: [
    { presence: made(Presence, { userId: 7 }), applied: true },
    `{"version":1,"type":"StatusOutcome","value":{"presence":{"userId":7},"applied":true}}`,
  ],
  tabId: ["tab_1", `{"version":1,"type":"TabId","value":"tab_1"}`],
  user: [
    made(User, {
      id: 7,
      username: "ana",
      firstname: "Ana",
      lastname: null,
      email: "ana@example.org",
      emailVerified: false,
      telephone: null,
      language: "en",
      dateFormat: "iso",
      kind: "STAFF",
      active: true,
      permissions: ["USER_CUD"],
      clientexecId: "7",
      rocketChatId: "aaaaaaaaaaaaaaaaa",
      jtelId: 7,
      jtelUid: "ana",
      omnideskId: 7,
      version: 1,
      createdAt: now,
      updatedAt: now,
    }),
    `{"version":1,"type":"User","value":{"id":7,"username":"ana","firstname":"Ana","lastname":null,"email":"ana@example.org","emailVerified":false,"telephone":null,"language":"en","dateFormat":"iso","kind":"STAFF","active":true,"permissions":["USER_CUD"],"clientexecId":"7","rocketChatId":"aaaaaaaaaaaaaaaaa","jtelId":7,"jtelUid":"ana","omnideskId":7,"version":1,"createdAt":${at},"updatedAt":${at}}}`,
  ],
  userCampaign: [
    made(UserCampaign, { userId: 7, campaignId: 4, active: true }),
    `{"version":1,"type":"UserCampaign","value":{"userId":7,"campaignId":4,"active":true}}`,
  ],
  userSettings: [
    made(UserSettings, {
      userId: 7,
      maxChats: 3,
      chatSoundNewMessage: true,
      notifyOnTicketAssignment: true,
      ticketIncognitoMode: false,
      callsAutoAnswer: false,
      telephoneCallsForwarding: false,
      useWebMail: false,
      useWebEmail: true,
    }),
    `{"version":1,"type":"UserSettings","value":{"userId":7,"maxChats":3,"chatSoundNewMessage":true,"notifyOnTicketAssignment":true,"ticketIncognitoMode":false,"callsAutoAnswer":false,"telephoneCallsForwarding":false,"useWebMail":false,"useWebEmail":true}}`,
  ],
  userStatistic: [
    made(UserStatistic, {
      userId: 7,
      statistic: "CALLS",
      primaryOptionText: "",
      secondaryOptionText: "today",
      watched: true,
    }),
    `{"version":1,"type":"UserStatistic","value":{"userId":7,"statistic":"CALLS","primaryOptionText":"","secondaryOptionText":"today","watched":true}}`,
  ],
  userView: [
    made(UserView, { userId: 7, viewId: 4, selected: true }),
    `{"version":1,"type":"UserView","value":{"userId":7,"viewId":4,"selected":true}}`,
  ],
  view: [
    made(View, { id: 4, name: "Tickets" }),
    `{"version":1,"type":"View","value":{"id":4,"name":"Tickets"}}`,
  ],
};

const names = Object.keys(outcomes) as (keyof typeof outcomes)[];
const typeOf = (name: keyof typeof outcomes) => outcomes[name] as (typeof outcomes)["tabId"];

it.each(names)("the stored text of the outcome %s stays the same, and is read back", (name) => {
  const [value, text] = stored[name];
  expect(typeOf(name).write(value as string)).toBe(text);
  const read: unknown = typeOf(name).read(text);
  expect(read).toStrictEqual(value);
});

it("a stored presence and a stored user come back with their getters", () => {
  const read = outcomes.statusOutcome.read(
    outcomes.statusOutcome.write({ presence, applied: false }),
  );
  expect([read.presence.online, read.presence.globalId]).toEqual([true, presence.globalId]);
  const user = outcomes.user.read(stored.user[1]);
  expect([user.displayName, user.globalId]).toEqual(["Ana", (stored.user[0] as User).globalId]);
});

const entities = names.flatMap((name) => {
  const [value] = stored[name];
  const type = (value as object | undefined)?.constructor as (new () => object) | undefined;
  const { columns } = getMetadataArgsStorage();
  const selected = columns.filter(
    ({ target, options }) => target === type && options.select !== false,
  );
  return selected.length === 0 ? [] : [{ name, selected }];
});

it("the outcomes contain fourteen entities", () => {
  expect(entities).toHaveLength(14);
});

it.each(entities)("every column of the entity $name has a stored name", ({ name, selected }) => {
  const [value] = stored[name];
  const columns = selected.map(({ propertyName }) => propertyName);
  expect(Object.keys(value as object)).toEqual(expect.arrayContaining(columns));
});

it("a property without a stored name is refused: it would be lost", () => {
  const user = made(User, { id: 7, passwordHash: "$scrypt$" });
  expect(() => outcomes.user.write(user)).toThrow("User.passwordHash has no stored name");
});

it.each([
  ["another type", `{"version":1,"type":"Agent","value":{}}`],
  ["a later version", `{"version":2,"type":"User","value":{}}`],
])("a stored text of %s is refused", (_what, text) => {
  expect(() => outcomes.user.read(text)).toThrow("expected User of version 1");
});
