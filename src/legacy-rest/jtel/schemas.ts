import { z } from "zod";

const jtelUser = z.object({
  ID: z.int(),
  UID: z.string(),
  ClientsID: z.int(),
  bTelCallsForwarding: z.boolean(),
  bUseWebMail: z.boolean(),
  dtPBXTelephoneStatus: z.string().nullable(),
  bUseWebEmail: z.boolean(),
  AgentStatusID: z.int(),
  ResellersID: z.int(),
  TelStatusID: z.int().min(0).max(2),
  AgentStatusAfterLogoutRejectedID: z.int().nullable(),
});

export const jtelRecords = z.object({
  records: z.array(jtelUser),
  count: z.int(),
  status: z.literal(200),
});

export const jtelUserList = jtelRecords.extend({
  filter: z.literal(""),
  limitStart: z.literal(0),
  limitPageSize: z.literal(-1),
  orderBy: z.literal("UID"),
  ascending: z.literal(true),
});

/** The return code once more, and what went wrong. */
export const jtelErrorBody = z.object({ status: z.int(), error: z.string() });
