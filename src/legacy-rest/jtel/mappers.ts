import { TELEPHONE_STATUS_IDS } from "../../domain/status.js";
import type { Person } from "../../services/people.service.js";

/** jtel's times are local, to the millisecond, without a zone; Rollcall's local time is UTC. */
const toJtelTime = (time: Date | null): string | null => time && time.toISOString().slice(0, -1);

/** The fields of jtel's Users record that are published, and no others. */
export const toJtelUser = ({ user, presence, settings }: Person, clientsId: number) => ({
  ID: user.jtelId,
  UID: user.jtelUid,
  ClientsID: clientsId,
  bTelCallsForwarding: settings.telephoneCallsForwarding,
  bUseWebMail: settings.useWebMail,
  dtPBXTelephoneStatus: toJtelTime(presence.telephoneChangedAt),
  bUseWebEmail: settings.useWebEmail,
  AgentStatusID: presence.statusId,
  ResellersID: 1,
  TelStatusID: TELEPHONE_STATUS_IDS[presence.telephoneStatus],
  AgentStatusAfterLogoutRejectedID: null,
});
