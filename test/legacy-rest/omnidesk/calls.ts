import type { Permission } from "../../../src/domain/vocabulary.js";

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The permission that the page requires. */
  readonly needs: Permission;
  /** The action in the audit; null for a read. */
  readonly action: string | null;
}

/** Li Wei. */
const USER = "20";
const state = { userID: USER, state: "1" };
const figure = { userID: USER, statistic: "tickets_open" };

const read = (path: string, needs: Permission, fields: Call["fields"] = {}): Call => ({
  method: "GET",
  path,
  fields,
  needs,
  action: null,
});

const write = (
  method: Call["method"],
  path: string,
  action: string,
  fields: Call["fields"],
  needs: Permission = "USER_CUD",
): Call => ({ method, path, fields, needs, action });

/** Every endpoint of the page with a call that succeeds and, unless it reads, changes something. */
export const calls: readonly Call[] = [
  read("", "USER_READ"),
  read("/settings", "USER_READ", { userID: USER }),
  // "All other endpoints require the USER_CUD permission", and this one is not among the reads.
  read("/getUserViews", "USER_CUD", { userID: USER }),
  write("POST", "", "createUser", {
    firstname: "Ana",
    lastname: "Silva",
    name: "ana.silva",
    email: "ana.silva@example.com",
    telephone_number: "+31201234567",
  }),
  write("PUT", `/${USER}`, "updateUser", { firstname: "Wei-Wei" }),
  write("PUT", "/updateUserView", "updateUserView", { userID: USER, viewID: "2", newValue: "1" }),
  write("PUT", "/maxChats", "updateUserSettings", { userID: USER, maxChats: "9" }),
  write("PUT", "/chatSoundNewMessage", "updateUserSettings", { userID: USER, state: "0" }),
  write("PUT", "/notifyOnTicketAssignment", "updateUserSettings", { userID: USER, state: "0" }),
  write(
    "PUT",
    "/ticketIncognitoMode",
    "updateUserSettings",
    state,
    "USER_ANONYMOUS_BROWSING_UPDATE",
  ),
  write("PUT", "/callsAutoAnswer", "updateUserSettings", state),
  write("POST", "/userStatistic", "addUserStatistic", figure),
  write("PUT", "/watch", "watchUserStatistic", { ...figure, watchToggle: "watch" }),
  write("DELETE", "/userStatistic", "removeUserStatistic", figure),
  write("POST", "/refreshTab", "refreshTab", { tabID: "tab_1" }),
  write("POST", "/updateStatus", "setStatus", { userID: USER, statusID: "1" }),
  write("POST", "/userCampaignState", "setCampaignState", { ...state, campaign: "Welcome-Calls" }),
  write("POST", "/statusLock", "lockStatus", { userID: USER, status: "8" }),
  write("POST", "/statusLockDelete", "unlockStatus", { userID: USER }),
  write(
    "POST",
    "/reserveUserForLiveChannel",
    "reserveUserForLiveChannel",
    // Long enough not to expire while contents are compared.
    { userID: "12", seconds: "3600" },
    "API_RESERVE_USER",
  ),
  write("PUT", "/usernameUpdate", "updateUser", { id: USER, username: "wei.li" }),
  write("PUT", "/firstnameUpdate", "updateUser", { id: USER, firstname: "Wei" }),
  write("PUT", "/lastnameUpdate", "updateUser", { id: USER, lastname: "Li" }),
];

export const named = calls.map((call) => [`${call.method} ${call.path || "index"}`, call] as const);
