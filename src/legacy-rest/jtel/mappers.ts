import type { LegacyConfig } from "../../config.js";
import { TELEPHONE_STATUS_IDS } from "../../domain/status.js";
import { mapBatches } from "../../map-batches.js";
import type { ListedPerson } from "../../services/people-moment.js";
import type { PersonRef } from "../../services/person-ref.js";

const LONGEST_REFERENCE = 100;

/** Whatever is no id is nobody's, however long: jtel knows no other answer to it. */
export const fromUsersId = (usersId: string): PersonRef => ({
  external: { system: "JTEL", id: usersId.slice(0, LONGEST_REFERENCE) },
});

/** jtel's times are local, to the millisecond, without a zone; Rollcall's local time is UTC. */
const toJtelTime = (time: Date | null): string | null => time && time.toISOString().slice(0, -1);

/**
 * The fields of jtel's Users record that are published and known here, and no others. The first ones and
 * the last ones stand as in the document's example, the others between them.
 */
export const toJtelUser = (
  { user, presence, settings }: ListedPerson,
  { clientsId }: LegacyConfig["jtel"],
) => ({
  bTelCallsForwarding: settings.telephoneCallsForwarding,
  bUseWebMail: settings.useWebMail,
  dtPBXTelephoneStatus: toJtelTime(presence.telephoneChangedAt),
  bUseWebEmail: settings.useWebEmail,
  ID: user.jtelId,
  UID: user.jtelUid,
  AgentStatusID: presence.statusId,
  PBXTelStatus: TELEPHONE_STATUS_IDS[presence.telephoneStatus],
  ClientsID: clientsId,
  ResellersID: 1,
  TelStatusID: TELEPHONE_STATUS_IDS[presence.telephoneStatus],
  AgentStatusAfterLogoutRejectedID: null,
});

export const toJtelUsers = (
  batches: AsyncIterable<readonly ListedPerson[]>,
  config: LegacyConfig["jtel"],
) => mapBatches(batches, (people) => people.map((person) => toJtelUser(person, config)));
