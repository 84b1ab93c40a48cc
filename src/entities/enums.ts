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

/** Makes the GraphQL enum of a domain word list; the Record asks for a description of every value. */
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
  "Which side of the desk a person is on.",
  userKinds,
  {
    STAFF: "Works in the contact centre.",
    CUSTOMER: "Is served by it.",
  },
);

export const PermissionEnum = graphqlEnum("Permission", "What a credential may do.", permissions, {
  USER_READ: "Read users, agents, presence and settings.",
  USER_CUD: "Change users, agents, presence, locks, campaigns, settings, statistics and views.",
  API_RESERVE_USER: "Reserve a user for a live channel, accept and release.",
  USER_ANONYMOUS_BROWSING_UPDATE: "Change the incognito mode on tickets.",
  ADMIN: "Keys, catalogues, audit and import. Implies every other permission.",
});

export const ExternalSystemEnum = graphqlEnum(
  "ExternalSystem",
  "An old system that knows the same people under ids of its own.",
  externalSystems,
  {
    CLIENTEXEC: "Clientexec; its ids are decimal digits.",
    ROCKET_CHAT: "Rocket.Chat; its ids are 17 letters and digits.",
    JTEL: "jtel; its ids are whole numbers, beside a UID.",
    OMNIDESK: "Omnidesk; its ids are whole numbers.",
  },
);

export const LivechatRoleEnum = graphqlEnum(
  "LivechatRole",
  "A role in live channels. A person can hold either, both or none.",
  livechatRoles,
  { AGENT: "Talks to customers in live channels.", MANAGER: "Supervises live channels." },
);

export const AvailabilityEnum = graphqlEnum(
  "Availability",
  "Whether an agent takes part in live channels at all, beside the status of the moment.",
  availabilities,
  { AVAILABLE: "Takes part.", NOT_AVAILABLE: "Does not take part." },
);

export const StatusClassEnum = graphqlEnum(
  "StatusClass",
  "What a status means for routing; the catalogue's names are for people.",
  statusClasses,
  {
    AVAILABLE: "Can be given work.",
    BUSY: "Is working.",
    AWAY: "Is on duty but not at the desk.",
    OFFLINE: "Is not on duty.",
  },
);

export const PresenceSourceEnum = graphqlEnum(
  "PresenceSource",
  "Which claim decided the status in effect; they are listed strongest first.",
  presenceSources,
  {
    LOCK: "A supervisor locked the status.",
    INTERNAL: "Rollcall itself set it, for example wrap-up after a reservation.",
    MANUAL: "The person or a supervisor chose it.",
    EXTERNAL: "Another system reported it, such as a calendar.",
    CONNECTION: "Nobody chose: it follows from being connected or not.",
  },
);

export const ImportModeEnum = graphqlEnum(
  "ImportMode",
  "What an import does to people who are here already.",
  importModes,
  {
    FILL: "Fills in what is empty.",
    REPLACE: "Replaces what differs as well.",
  },
);

export const ImportOutcomeEnum = graphqlEnum(
  "ImportOutcome",
  "What became of a row of an import.",
  importOutcomes,
  {
    CREATED: "Somebody new was made.",
    MATCHED: "Somebody who is here was found, and has the old system's id from now on.",
    UPDATED: "Somebody who is here was found and changed.",
    UNCHANGED: "Somebody who is here was found, and nothing had to change.",
    CONFLICT: "It fits several people, or takes what is somebody else's: nothing was done.",
    REFUSED: "It has a fault: nothing was done.",
  },
);

export const ImportMatchEnum = graphqlEnum(
  "ImportMatch",
  "By what an import found somebody.",
  importMatches,
  {
    ID: "By the id in the old system.",
    EMAIL: "By the e-mail address.",
    USERNAME: "By the username.",
  },
);

export const TelephoneStatusEnum = graphqlEnum(
  "TelephoneStatus",
  "The state of a person's telephone line.",
  telephoneStatuses,
  { FREE: "No call.", BUSY: "In a call.", RINGING: "Being called." },
);

export const ReservationStateEnum = graphqlEnum(
  "ReservationState",
  "The life of a reservation: HELD, then one of the other three; from ACCEPTED, RELEASED.",
  reservationStates,
  {
    HELD: "Waits to be accepted; nobody else is routed to this slot.",
    ACCEPTED: "Taken up; occupies a slot until released.",
    RELEASED: "Given back.",
    EXPIRED: "Not accepted in time.",
  },
);

export const DoorEnum = graphqlEnum("Door", "The way by which a change came in.", doors, {
  GRAPHQL: "The GraphQL API.",
  CLIENTEXEC: "The Clientexec REST dialect.",
  ROCKET_CHAT: "The Rocket.Chat REST dialect.",
  JTEL: "The jtel REST dialect.",
  OMNIDESK: "The Omnidesk REST dialect.",
  CLI: "The command line.",
  SYSTEM: "Rollcall itself, for example when a claim ran out.",
});

export const ActorKindEnum = graphqlEnum(
  "ActorKind",
  "What kind of author a change had.",
  actorKinds,
  {
    API_KEY: "A program with an API key.",
    SESSION: "A person who signed in.",
    SYSTEM: "Rollcall itself.",
    ANONYMOUS: "Somebody without a credential, which is enough to sign in.",
  },
);
