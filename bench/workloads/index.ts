import { clientexecOnline } from "./clientexec-online.js";
import { fiftyUsers } from "./fifty-users.js";
import { jtelEverybody } from "./jtel-everybody.js";
import { firstPage, thousandthPage } from "./nth-page.js";
import { omnideskIndex } from "./omnidesk-index.js";
import { oneUser } from "./one-user.js";
import { commonSearchPage, searchPage } from "./search-page.js";
import { setStatus } from "./set-status.js";
import type { Workload } from "./workload.js";

/** Of the comparison of servers. */
export const workloads: readonly Workload[] = [
  oneUser,
  fiftyUsers,
  setStatus,
  searchPage,
  omnideskIndex,
  clientexecOnline,
  jtelEverybody,
];

/** Must cost the same at any number of users. */
export const flatWorkloads: readonly Workload[] = [
  oneUser,
  fiftyUsers,
  setStatus,
  commonSearchPage,
  firstPage,
  thousandthPage,
];
