import { registerEnumType } from "type-graphql";
import {
  actorKinds,
  availabilities,
  doors,
  externalSystems,
  importMatches,
  importModes,
  importOutcomes,
  livechatRoles,
  permissions,
  presenceSources,
  reservationStates,
  statusClasses,
  telephoneStatuses,
  userKinds,
} from "../domain/vocabulary.js";

/** Registers a GraphQL enum for values of the domain; each value needs a description to compile. */
function graphqlEnum<Value extends string>(
  name: string,
  description: string,
  values: readonly Value[],
  descriptions: Record<Value, string>,
): Record<Value, Value> {
  const enumObject = Object.fromEntries(values.map((value) => [value, value])) as Record<
    Value,
    Value
  >;
  registerEnumType(enumObject, {
    name,
    description,
    valuesConfig: Object.fromEntries(
      values.map((value) => [value, { description: descriptions[value] }]),
    ) as Record<Value, { description: string }>,
  });
  return enumObject;
}

export const UserKindEnum = graphqlEnum(
  "UserKind",
  "Whether a user is staff or a customer.",
  userKinds,
  {
    STAFF: "Works in the contact centre.",
    CUSTOMER: "Is served by the contact centre.",
  },
);

export const PermissionEnum = graphqlEnum(
  "Permission",
  "A permission of a credential.",
  permissions,
  {
    USER_READ: "Read users, agents, presence and settings.",
    USER_CUD: "Change users, agents, presence, locks, campaigns, settings, statistics and views.",
    API_RESERVE_USER: "Reserve users for live channels, accept and release reservations.",
    USER_ANONYMOUS_BROWSING_UPDATE: "Change the incognito mode on tickets.",
    ADMIN: "API keys, catalogues, audit and import. Implies every other permission.",
  },
);

export const ExternalSystemEnum = graphqlEnum(
  "ExternalSystem",
  "A legacy system with its own ids of the same users.",
  externalSystems,
  {
    CLIENTEXEC: "Clientexec; its ids are decimal digits.",
    ROCKET_CHAT: "Rocket.Chat; its ids are 17 letters and digits.",
    JTEL: "jtel; its ids are integers, with a UID.",
    OMNIDESK: "Omnidesk; its ids are integers.",
  },
);

export const LivechatRoleEnum = graphqlEnum(
  "LivechatRole",
  "A role in live channels. A user can have both, one or none.",
  livechatRoles,
  { AGENT: "Talks to customers in live channels.", MANAGER: "Supervises live channels." },
);

export const AvailabilityEnum = graphqlEnum(
  "Availability",
  "Whether an agent takes part in live channels, independent of the status.",
  availabilities,
  { AVAILABLE: "Takes part.", NOT_AVAILABLE: "Does not take part." },
);

export const StatusClassEnum = graphqlEnum(
  "StatusClass",
  "The meaning of a status for routing; its name is only displayed.",
  statusClasses,
  {
    AVAILABLE: "Ready for work.",
    BUSY: "Is working.",
    AWAY: "Is on duty but not at the desk.",
    OFFLINE: "Is not on duty.",
  },
);

export const PresenceSourceEnum = graphqlEnum(
  "PresenceSource",
  "The kind of claim that decides the status in effect, strongest first.",
  presenceSources,
  {
    LOCK: "A supervisor locked the status.",
    INTERNAL: "Rollcall set it, for example wrap-up after a reservation.",
    MANUAL: "The user or a supervisor chose it.",
    EXTERNAL: "Another system reported it, such as a calendar.",
    CONNECTION: "No claim: it follows from whether the user is connected.",
  },
);

export const ImportModeEnum = graphqlEnum(
  "ImportMode",
  "How an import changes existing users.",
  importModes,
  {
    FILL: "Writes only empty properties.",
    REPLACE: "Also replaces different properties.",
  },
);

export const ImportOutcomeEnum = graphqlEnum(
  "ImportOutcome",
  "The outcome of one row of an import.",
  importOutcomes,
  {
    CREATED: "A user was created.",
    MATCHED: "An existing user was found and received the id of the legacy system.",
    UPDATED: "An existing user was found and changed.",
    UNCHANGED: "An existing user was found and needed no change.",
    CONFLICT:
      "The row matches several users, or would take a value of another user: nothing was changed.",
    REFUSED: "The row is invalid: nothing was changed.",
  },
);

export const ImportMatchEnum = graphqlEnum(
  "ImportMatch",
  "How an import found an existing user.",
  importMatches,
  {
    ID: "By the id in the legacy system.",
    EMAIL: "By the e-mail address.",
    USERNAME: "By the username.",
  },
);

export const TelephoneStatusEnum = graphqlEnum(
  "TelephoneStatus",
  "The state of a user's phone line.",
  telephoneStatuses,
  { FREE: "No call.", BUSY: "In a call.", RINGING: "Being called." },
);

export const ReservationStateEnum = graphqlEnum(
  "ReservationState",
  "The state of a reservation: HELD, then ACCEPTED, RELEASED or EXPIRED; after ACCEPTED, RELEASED.",
  reservationStates,
  {
    HELD: "Waits to be accepted, and occupies a slot.",
    ACCEPTED: "Accepted; occupies a slot until released.",
    RELEASED: "Released.",
    EXPIRED: "Not accepted before it expired.",
  },
);

export const DoorEnum = graphqlEnum("Door", "The API that a change came through.", doors, {
  GRAPHQL: "The GraphQL API.",
  CLIENTEXEC: "The Clientexec REST dialect.",
  ROCKET_CHAT: "The Rocket.Chat REST dialect.",
  JTEL: "The jtel REST dialect.",
  OMNIDESK: "The Omnidesk REST dialect.",
  CLI: "The command line.",
  SYSTEM: "Rollcall itself, for example when a claim expired.",
});

export const ActorKindEnum = graphqlEnum(
  "ActorKind",
  "The kind of actor that made a change.",
  actorKinds,
  {
    API_KEY: "A program with an API key.",
    SESSION: "A login session of a user.",
    SYSTEM: "Rollcall itself.",
    ANONYMOUS: "A client without a credential, as in a login.",
  },
);
