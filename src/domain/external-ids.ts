import type { ExternalSystem } from "./vocabulary.js";

export interface ExternalIdColumns {
  readonly clientexecId: string;
  readonly rocketChatId: string;
  readonly jtelId: number;
  readonly jtelUid: string;
  readonly omnideskId: number;
}

export interface ExternalIdValue {
  readonly system: ExternalSystem;
  readonly id: string;
  readonly uid: string | null;
}

/** The ids of a user in the four legacy systems, as each system writes them. */
export const externalIdsOf = (user: ExternalIdColumns): ExternalIdValue[] => [
  { system: "CLIENTEXEC", id: user.clientexecId, uid: null },
  { system: "ROCKET_CHAT", id: user.rocketChatId, uid: null },
  { system: "JTEL", id: String(user.jtelId), uid: user.jtelUid },
  { system: "OMNIDESK", id: String(user.omnideskId), uid: null },
];
