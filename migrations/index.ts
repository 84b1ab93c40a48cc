import { CreateUsers1795305600000 } from "./1795305600000-create-users.js";
import { CreateGroups1795305601000 } from "./1795305601000-create-groups.js";
import { CreateStatuses1795305602000 } from "./1795305602000-create-statuses.js";
import { CreatePresences1795305603000 } from "./1795305603000-create-presences.js";
import { CreateStatusChanges1795305604000 } from "./1795305604000-create-status-changes.js";
import { CreateAgents1795305605000 } from "./1795305605000-create-agents.js";
import { CreateReservations1795305606000 } from "./1795305606000-create-reservations.js";
import { CreateUserChoices1795305607000 } from "./1795305607000-create-user-choices.js";
import { CreateCredentials1795305608000 } from "./1795305608000-create-credentials.js";
import { CreateAuditAndEvents1795305609000 } from "./1795305609000-create-audit-and-events.js";
import { IndexJtelUid1795305610000 } from "./1795305610000-index-jtel-uid.js";
import { CountOpenSlots1795305611000 } from "./1795305611000-count-open-slots.js";
import { AddOnlineSince1795305612000 } from "./1795305612000-add-online-since.js";
import { EndLeasesAndClaims1795305630000 } from "./1795305630000-end-leases-and-claims.js";
import { CreateIdempotentRequests1795305640000 } from "./1795305640000-create-idempotent-requests.js";
import { CreateCounters1795305640100 } from "./1795305640100-create-counters.js";
import { RetireApiKeySecrets1795305670000 } from "./1795305670000-retire-api-key-secrets.js";
import { IndexSessionExpiry1795305670100 } from "./1795305670100-index-session-expiry.js";
import { NoteImportedIds1795305690000 } from "./1795305690000-note-imported-ids.js";

/** In the order of execution. A merged migration is never edited. */
export const migrations = [
  CreateUsers1795305600000,
  CreateGroups1795305601000,
  CreateStatuses1795305602000,
  CreatePresences1795305603000,
  CreateStatusChanges1795305604000,
  CreateAgents1795305605000,
  CreateReservations1795305606000,
  CreateUserChoices1795305607000,
  CreateCredentials1795305608000,
  CreateAuditAndEvents1795305609000,
  IndexJtelUid1795305610000,
  CountOpenSlots1795305611000,
  AddOnlineSince1795305612000,
  EndLeasesAndClaims1795305630000,
  CreateIdempotentRequests1795305640000,
  CreateCounters1795305640100,
  RetireApiKeySecrets1795305670000,
  IndexSessionExpiry1795305670100,
  NoteImportedIds1795305690000,
] as const;
