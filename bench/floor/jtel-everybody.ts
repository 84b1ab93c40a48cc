import type { ServerResponse } from "node:http";
import { Client, Query, type QueryArrayConfig } from "pg";
import { isoTime, json } from "./json.js";
import { asText, SESSION } from "./connections.js";
import type { Text } from "./statement.js";
import { STATUS_IN_EFFECT } from "./status-sql.js";

/** One statement, hence one snapshot. The number of rows is known at its end. */
const TEXT = `
  SELECT s.telephone_calls_forwarding::text, s.use_web_mail::text, p.telephone_changed_at, s.use_web_email::text,
         u.jtel_id, u.jtel_uid, ${STATUS_IN_EFFECT}, p.telephone_status
  FROM users u JOIN presences p ON p.user_id = u.id JOIN user_settings s ON s.user_id = u.id
  ORDER BY lower(u.jtel_uid), u.id`;

const LIST: QueryArrayConfig = { name: "jtel", text: TEXT, rowMode: "array", types: asText };

const telephones: Record<string, number> = { FREE: 0, BUSY: 1, RINGING: 2 };

const CHUNK_LENGTH = 65_536;

type Row = [string, string, Text, string, string, string, string, string];

/** Without a time zone. */
const jtelTime = (time: Text): string => isoTime(time).replace("Z", "");

function toRecord(row: Row): string {
  const [forwarding, webMail, changedAt, webEmail, id, uid, status, line] = row;
  const telephone = telephones[line];
  return `{"bTelCallsForwarding":${forwarding},"bUseWebMail":${webMail},"dtPBXTelephoneStatus":${jtelTime(changedAt)},"bUseWebEmail":${webEmail},"ID":${id},"UID":${json(uid)},"AgentStatusID":${status},"PBXTelStatus":${telephone},"ClientsID":1,"ResellersID":1,"TelStatusID":${telephone},"AgentStatusAfterLogoutRejectedID":null}`;
}

/** Lists of all users, each on its own connection. */
export class JtelLists {
  private readonly idle: Client[] = [];

  constructor(private readonly url: string) {}

  async send(response: ServerResponse): Promise<void> {
    const client = this.idle.pop() ?? (await this.connect());
    let text = `{"filter":"","limitStart":0,"limitPageSize":-1,"records":[`;
    let count = 0;
    await new Promise<void>((resolve, reject) => {
      const query = new Query<Row>(LIST);
      query.on("row", (row) => {
        text += count++ === 0 ? toRecord(row) : `,${toRecord(row)}`;
        if (text.length < CHUNK_LENGTH) return;
        response.write(text);
        text = "";
      });
      query.on("end", () => resolve());
      query.on("error", reject);
      client.query(query);
    });
    this.idle.push(client);
    response.end(`${text}],"count":${count},"orderBy":"UID","ascending":true,"status":200}`);
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.url, options: SESSION });
    await client.connect();
    return client;
  }
}
