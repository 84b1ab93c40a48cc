import { z } from "zod";

const telephoneStatus = z.int().min(0).max(2);

const jtelUser = z.strictObject({
  bTelCallsForwarding: z.boolean().meta({ description: "Whether telephone calls are forwarded." }),
  bUseWebMail: z.boolean().meta({ description: "Whether voice mail is read in the browser." }),
  dtPBXTelephoneStatus: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/)
    .nullable()
    .meta({
      description: "When the telephone line last changed, in UTC; null when it never changed.",
      examples: ["2020-07-07T06:20:14.558", null],
    }),
  bUseWebEmail: z.boolean().meta({ description: "Whether e-mail is read in the browser." }),
  ID: z.int().meta({ description: "The UsersID of the paths." }),
  UID: z.string().meta({ description: "The login id." }),
  AgentStatusID: z.int().meta({ description: "The id of the status in effect." }),
  PBXTelStatus: telephoneStatus.meta({ description: "As reported: 0 free, 1 busy, 2 ringing." }),
  ClientsID: z.int(),
  ResellersID: z.literal(1),
  TelStatusID: telephoneStatus.meta({ description: "The same as PBXTelStatus." }),
  AgentStatusAfterLogoutRejectedID: z.null(),
});

/** The example on the page of each call; fields that the page omits are added. */
const exampleUser = {
  bTelCallsForwarding: false,
  bUseWebMail: true,
  dtPBXTelephoneStatus: "2020-07-07T06:20:14.558",
  bUseWebEmail: true,
  ID: 1009,
  UID: "k.vogel",
  AgentStatusID: 1,
  PBXTelStatus: 0,
  ClientsID: 1,
  ResellersID: 1,
  TelStatusID: 0,
  AgentStatusAfterLogoutRejectedID: null,
};

const records = {
  records: z.array(jtelUser),
  count: z.int().min(0).meta({ description: "The number of records." }),
};
const status = z.literal(200).meta({ description: "The return code." });

export const jtelRecords = z
  .strictObject({ ...records, status })
  .meta({ examples: [{ records: [exampleUser], count: 1, status: 200 }] });

export const jtelUserList = z
  .strictObject({
    filter: z.literal("").meta({ description: "Reserved." }),
    limitStart: z.literal(0).meta({ description: "Reserved." }),
    limitPageSize: z.literal(-1).meta({ description: "Reserved; -1 means all." }),
    ...records,
    orderBy: z.literal("UID"),
    ascending: z.literal(true),
    status,
  })
  .meta({
    examples: [
      {
        filter: "",
        limitStart: 0,
        limitPageSize: -1,
        records: [{ ...exampleUser, bUseWebMail: false, dtPBXTelephoneStatus: null }],
        count: 1,
        orderBy: "UID",
        ascending: true,
        status: 200,
      },
    ],
  });

/** The return code, and the error message. */
export const jtelErrorBody = z
  .strictObject({ status: z.int(), error: z.string() })
  .meta({ examples: [{ status: 404, error: "User not found" }] });
