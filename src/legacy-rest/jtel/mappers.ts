import type { LegacyConfig } from "../../config/schema.js";
import { toIsoTime } from "../iso-time.js";
import { TELEPHONE_STATUS_IDS } from "../../domain/status.js";
import { mapBatches } from "../../domain/map-batches.js";
import type { ListedColumns, ListedUser } from "../../services/users/legacy-list/service.js";
import type { UserRef } from "../../services/users/user-ref.js";

const MAX_REFERENCE_LENGTH = 100;

/** An invalid id is handled as an unknown one, whatever its length: jtel has no other response to it. */
export const fromUsersId = (usersId: string): UserRef => ({
  external: { system: "JTEL", id: usersId.slice(0, MAX_REFERENCE_LENGTH) },
});

/** jtel's times are local, to the millisecond and without a zone; here they are in UTC. */
const toJtelTime = (time: Date | null): string | null => time && toIsoTime(time).slice(0, -1);

/** The columns of a record. */
export const jtelColumns = {
  user: ["jtelId", "jtelUid"],
  presence: ["telephoneStatus", "telephoneChangedAt"],
  status: ["id"],
  settings: ["telephoneCallsForwarding", "useWebMail", "useWebEmail"],
} as const satisfies ListedColumns;

type JtelUser = ListedUser<typeof jtelColumns>;

/**
 * The published fields of jtel's Users record that Rollcall knows, and no others. The first and the last ones
 * are in the order of the document's example, the others between them.
 */
export const toJtelUser = (
  { user, presence, status, settings }: JtelUser,
  { clientsId }: LegacyConfig["jtel"],
) => ({
  bTelCallsForwarding: settings.telephoneCallsForwarding,
  bUseWebMail: settings.useWebMail,
  dtPBXTelephoneStatus: toJtelTime(presence.telephoneChangedAt),
  bUseWebEmail: settings.useWebEmail,
  ID: user.jtelId,
  UID: user.jtelUid,
  AgentStatusID: status.id,
  PBXTelStatus: TELEPHONE_STATUS_IDS[presence.telephoneStatus],
  ClientsID: clientsId,
  ResellersID: 1,
  TelStatusID: TELEPHONE_STATUS_IDS[presence.telephoneStatus],
  AgentStatusAfterLogoutRejectedID: null,
});

export const toJtelUsers = (
  batches: AsyncIterable<readonly JtelUser[]>,
  config: LegacyConfig["jtel"],
) => mapBatches(batches, (batch) => batch.map((user) => toJtelUser(user, config)));
