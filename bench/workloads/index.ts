import { clientexecOnline } from "./clientexec-online.js";
import { fiftyUsers } from "./fifty-users.js";
import { jtelEverybody } from "./jtel-everybody.js";
import { omnideskIndex } from "./omnidesk-index.js";
import { oneUser } from "./one-user.js";
import { searchPage } from "./search-page.js";
import { setStatus } from "./set-status.js";
import type { Workload } from "./workload.js";

export const workloads: readonly Workload[] = [
  oneUser,
  fiftyUsers,
  setStatus,
  searchPage,
  omnideskIndex,
  clientexecOnline,
  jtelEverybody,
];
