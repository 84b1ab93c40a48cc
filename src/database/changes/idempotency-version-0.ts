/**
 * What version 0 stored for an Idempotency-Key, frozen. Its rows live for a day, and its processes may run beside this version
 * during an upgrade. A later minor version can do without this file.
 */

/**
 * Version 0 wrapped dates and entities: `{"$type": "Date", "is": <milliseconds>}`, `{"$type": <class>, "is": {…}}`. Its names of
 * properties are the stored names of version 1.
 *
 * @param value what stood in `{"is": …}`
 * @returns it as version 1 stores it
 */
export function valueOfVersion0(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(valueOfVersion0);
  const { $type, is } = value as { readonly $type?: unknown; readonly is?: unknown };
  if ($type !== undefined) return valueOfVersion0(is);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, valueOfVersion0(each)]),
  );
}

const CALLS: ReadonlyMap<string, string> = new Map([
  ["acceptReservation", "reservations.accept"],
  ["addUserStatistic", "statistics.add"],
  ["createApiKey", "apiKeys.create"],
  ["createCampaign", "catalogue.createCampaign"],
  ["createGroup", "catalogue.createGroup"],
  ["createStatus", "catalogue.createStatus"],
  ["createUser", "users.create"],
  ["createView", "catalogue.createView"],
  ["deactivateUser", "users.deactivate"],
  ["heartbeat", "presence.heartbeat"],
  ["importUsers", "imports.importUsers"],
  ["lockStatus", "presence.lockStatus"],
  ["logout", "login.logout"],
  ["refreshTab", "tabs.refresh"],
  ["registerAgent", "agents.register"],
  ["releaseReservation", "reservations.release"],
  ["removeAgent", "agents.remove"],
  ["removeUserStatistic", "statistics.remove"],
  ["reportExternalStatus", "presence.reportExternalStatus"],
  ["reportTelephoneStatus", "presence.reportTelephoneStatus"],
  ["reserveNextAvailable", "reservations.reserveNextAvailable"],
  ["reserveUserForLiveChannel", "reservations.reserve"],
  ["revokeApiKey", "apiKeys.revoke"],
  ["revokeSession", "sessions.revoke"],
  ["rotateApiKey", "apiKeys.rotate"],
  ["setAgentAvailability", "agents.setAvailability"],
  ["setCampaignState", "campaignMemberships.setState"],
  ["setStatus", "presence.setStatus"],
  ["unlockStatus", "presence.unlockStatus"],
  ["updateCampaign", "catalogue.updateCampaign"],
  ["updateGroup", "catalogue.updateGroup"],
  ["updateStatus", "catalogue.updateStatus"],
  ["updateUser", "users.update"],
  ["updateUserSettings", "settings.update"],
  ["updateUserSettings.ticketIncognitoMode", "settings.update"],
  ["updateUserView", "userViews.update"],
  ["updateView", "catalogue.updateView"],
  ["watchUserStatistic", "statistics.watch"],
]);

/**
 * Version 0 named calls by service, method and number.
 *
 * @param operation a root field of GraphQL, or the operation of a REST route
 * @param number of this operation within the request, from 1
 */
export const keysOfVersion0 = (operation: string, number: number): string[] => {
  const call = CALLS.get(operation);
  return call === undefined ? [] : [`${call} ${number}`];
};
