import type { ExampleName } from "../support/operations.js";

/** The changes to the input of the example, and the fields that the error must name. */
export type BadInput = readonly [
  changes: Readonly<Record<string, unknown>>,
  ...fields: readonly string[],
];

const long = (length: number) => "x".repeat(length);
const PAST = "2020-01-01T00:00:00Z";
const FUTURE = "2100-01-01T00:00:00Z";

const each = (field: string, values: readonly unknown[]): BadInput[] =>
  values.map((value) => [{ [field]: value }, field]);

const badLabels = ["", "   ", "a\u0000b", "line\nbreak", "\ud800", "\u0085", long(101)];
const badCampaigns = ["", "two words", "ümlaut", "a/b", "a\n", long(101)];
const badFigures: readonly BadInput[] = [
  ...each("statistic", ["", "A-B", "A1", "A B", long(101)]),
  ...each("primaryOption", ["a-b", "a b", "ü", long(101)]),
  ...each("secondaryOption", ["a-b", "\u0000", long(101)]),
];

const profile: readonly BadInput[] = [
  ...each("username", ["", "two words", "ümlaut", "a/b", "a\u0000", "a\n", long(65)]),
  ...each("firstname", badLabels),
  ...each("lastname", badLabels),
  ...each("email", [
    "",
    "nobody",
    "a b@example.com",
    "a@",
    `${long(250)}@example.com`,
    "a\u0000@b.co",
  ]),
  ...each("telephone", [
    "",
    "0201234567",
    "+0201234567",
    "+12345678901234567",
    "+31 20 123",
    "+31\n",
  ]),
  ...each("language", ["", "english", "EN", "en_GB", "en-gb"]),
  ...each("dateFormat", ["", "dd.mm.yyyy", "EN_gb", "en-GB"]),
  ...each("password", ["", long(9), long(201)]),
  [{ groupIds: Array.from({ length: 1001 }, () => "x") }, "groupIds"],
  [{ groupIds: ["x", long(101)] }, "groupIds.1"],
  [{ username: "", email: "nobody", telephone: "1" }, "email", "telephone", "username"],
];

const JTEL = { system: "JTEL", id: "77" };
const badExternalIds: readonly BadInput[] = [
  [{ externalIds: [JTEL, { ...JTEL, id: "78" }] }, "externalIds.0.system"],
  [{ externalIds: [JTEL, JTEL, JTEL, JTEL, JTEL] }, "externalIds"],
  ...["", "0", "07", "abc", "-1", "1e3", "1234567890", "7\u0000"].map((id): BadInput => [
    { externalIds: [{ system: "JTEL", id }] },
    "externalIds.0.id",
  ]),
  [{ externalIds: [{ system: "OMNIDESK", id: "x" }] }, "externalIds.0.id"],
  [{ externalIds: [{ system: "CLIENTEXEC", id: "9".repeat(19) }] }, "externalIds.0.id"],
  [{ externalIds: [{ system: "ROCKET_CHAT", id: "tooShort" }] }, "externalIds.0.id"],
  [{ externalIds: [{ system: "ROCKET_CHAT", id: "with-a-minus-sign" }] }, "externalIds.0.id"],
  [{ externalIds: [{ system: "OMNIDESK", id: "7", uid: "u" }] }, "externalIds.0.uid"],
  ...badLabels.map((uid): BadInput => [{ externalIds: [{ ...JTEL, uid }] }, "externalIds.0.uid"]),
];

const badStatus: readonly BadInput[] = [
  ...each("statusId", [0, -1, -2_147_483_648]),
  [{ until: PAST }, "until"],
];

const badTerms: readonly BadInput[] = [
  ...each("channel", badLabels),
  ...each("ttlSeconds", [0, -1, 3601]),
];

const badView = (part: string): BadInput[] =>
  badLabels.map((value) => [
    { lastView: { module: "support", view: "list", [part]: value } },
    `lastView.${part}`,
  ]);

/**
 * For each mutation the inputs that it refuses with BAD_USER_INPUT, without those of `badPeople`.
 * Empty where GraphQL's types already check the other values.
 */
export const badInputs: Readonly<Partial<Record<ExampleName, readonly BadInput[]>>> = {
  login: [...each("user", [long(255)]), ...each("password", [long(1001)])],

  createUser: [...profile, ...badExternalIds],
  updateUser: [
    ...profile,
    ...each("expectedVersion", [0, -1]),
    ...["username", "language", "dateFormat", "groupIds", "permissions", "active"].map(
      (field): BadInput => [{ [field]: null }, field],
    ),
  ],
  deactivateUser: each("expectedVersion", [0, -1]),
  // An invalid row is only that row's outcome: test/rules/import.test.ts.
  importUsers: each("rows", [[], Array.from({ length: 101 }, () => ({ username: "ada" }))]),
  registerAgent: [],
  removeAgent: [],
  setAgentAvailability: [],

  setStatus: [
    ...badStatus,
    ...each("lastInternalCallId", [-1]),
    // Only the system sets wrap-up.
    [{ statusId: 6 }, "statusId"],
  ],
  lockStatus: [...badStatus, ...each("reason", ["", " ", "a\u0000", "a\tb", "\udc00", long(501)])],
  unlockStatus: [],
  heartbeat: [...badView("module"), ...badView("view"), ...badView("target")],
  reportExternalStatus: [
    ...each("source", badLabels),
    [{ statusId: 0, until: FUTURE }, "statusId"],
    [{ statusId: 1 }, "until"],
    [{ statusId: 1, until: PAST }, "until"],
  ],
  reportTelephoneStatus: [],

  reserveUserForLiveChannel: badTerms,
  reserveNextAvailable: [...badTerms, ...each("groupId", [long(101)])],
  acceptReservation: each("id", [long(101)]),
  releaseReservation: each("id", [long(101)]),

  setCampaignState: each("campaign", badCampaigns),
  updateUserSettings: [
    ...each("maxChats", [-1, 1001, null]),
    ...[
      "chatSoundNewMessage",
      "notifyOnTicketAssignment",
      "ticketIncognitoMode",
      "callsAutoAnswer",
      "telephoneCallsForwarding",
      "useWebMail",
      "useWebEmail",
    ].map((field): BadInput => [{ [field]: null }, field]),
  ],
  updateUserView: each("viewId", [long(101)]),
  addUserStatistic: badFigures,
  removeUserStatistic: badFigures,
  watchUserStatistic: badFigures,
  refreshTab: each("tabId", ["", "a-b", "a b", "\u0000", "a\n", long(101)]),

  createStatus: [
    ...each("name", badLabels),
    ...each("color", ["", "red", "#12345", "#1234567", "#12345g"]),
    ...each("position", [-1, 10_001]),
  ],
  updateStatus: [
    ...each("id", [0, -1]),
    ...each("name", [...badLabels, null]),
    ...each("color", ["red", null]),
    ...each("selectable", [null]),
    ...each("position", [-1, 10_001, null]),
  ],
  createGroup: each("name", badLabels),
  updateGroup: [...each("name", badLabels), ...each("id", [long(101)])],
  createCampaign: each("name", badCampaigns),
  updateCampaign: [...each("name", badCampaigns), ...each("id", [long(101)])],
  createView: each("name", badLabels),
  updateView: [...each("name", badLabels), ...each("id", [long(101)])],
  createApiKey: [
    ...each("name", badLabels),
    ...each("permissions", [[]]),
    ...each("expiresAt", [PAST]),
    [{ owner: {} }, "owner"],
    [{ owner: { username: "a", email: "b" } }, "owner"],
    [{ owner: { username: long(255) } }, "owner.username"],
  ],
  rotateApiKey: [...each("id", [long(101)]), ...each("overlapSeconds", [-1, 2_147_483_647])],
  revokeApiKey: each("id", [long(101)]),
  revokeSession: each("id", [long(101)]),
};

/** Invalid references to a user, for each input that has a `user`. */
export const badPeople: readonly BadInput[] = [
  [{ user: {} }, "user"],
  [{ user: { id: null, username: null } }, "user"],
  [{ user: { username: "a", email: "a@example.com" } }, "user"],
  [{ user: { id: long(101) } }, "user.id"],
  [{ user: { username: long(255) } }, "user.username"],
  [{ user: { email: long(255) } }, "user.email"],
  [{ user: { telephone: long(101) } }, "user.telephone"],
  [{ user: { external: { system: "JTEL", id: long(101) } } }, "user.external.id"],
];
