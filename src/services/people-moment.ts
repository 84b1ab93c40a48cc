import type { StatusClass } from "../domain/vocabulary.js";
import { Presence } from "../entities/presence.entity.js";
import { UserSettings } from "../entities/user-settings.entity.js";
import { User } from "../entities/user.entity.js";
import { mapBatches } from "../map-batches.js";
import { Parameters } from "../persistence/parameters.js";
import type { Reader } from "../persistence/reader.js";
import type { Snapshot } from "../persistence/snapshot.js";
import { orderOf, type PeopleQuery, whereOf } from "./people-query.js";
import { countSql, sliceSql } from "./people-slice.js";
import { PEOPLE, type Person, selectPeople, toPerson } from "./person.js";
import { READ_AT } from "./presence-list.js";

/** The columns of a listed person: few, since each costs a list of everybody time and memory. */
const userProperties = [
  "clientexecId",
  "jtelId",
  "jtelUid",
  "username",
  "firstname",
  "lastname",
  "email",
  "kind",
] as const;

const presenceProperties = [
  "onlineSince",
  "lastSeenAt",
  "lastViewModule",
  "lastViewName",
  "lastViewTarget",
  "telephoneStatus",
  "telephoneChangedAt",
] as const;

const settingsProperties = ["telephoneCallsForwarding", "useWebMail", "useWebEmail"] as const;

/** What lists of everybody tell of a person; any `Person` will do for one. */
export interface ListedPerson {
  readonly user: Pick<User, (typeof userProperties)[number] | "displayName">;
  readonly presence: Pick<Presence, (typeof presenceProperties)[number] | "statusId" | "readAt">;
  readonly settings: Pick<UserSettings, (typeof settingsProperties)[number]>;
  /** Of the status in effect. */
  readonly statusClass: StatusClass;
}

/** How people are selected, and what their rows become. */
interface Selection<Listed> {
  readonly select: string;
  readonly toPerson: (raw: object) => Listed;
}

/** Several reads that fit together: people as they were at one moment. One stream, as the last of them. */
export class PeopleMoment {
  private constructor(
    private readonly reader: Reader,
    private readonly snapshot: Snapshot,
    readonly at: Date,
  ) {}

  /** @param read makes the answer, piece by piece; the moment lasts for as long as it is read */
  static async *read<Piece>(
    reader: Reader,
    read: (moment: PeopleMoment) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece> {
    const snapshot = await reader.snapshot();
    try {
      const [clock] = await snapshot.query<{ at: Date }>(`SELECT now() AS at`);
      if (!clock) throw new Error("a SELECT without FROM has one row");
      yield* read(new PeopleMoment(reader, snapshot, clock.at));
    } finally {
      await snapshot.close();
    }
  }

  async count(query: PeopleQuery): Promise<number> {
    const parameters = new Parameters();
    const sql = countSql(query, parameters);
    const [counted] = await this.snapshot.query<{ total: string }>(sql, parameters.values);
    return Number(counted?.total);
  }

  /** The first ones. */
  async firstListed(query: PeopleQuery, limit: number): Promise<readonly ListedPerson[]> {
    const { select, toPerson: toListed } = listedSelection(this.reader);
    const parameters = new Parameters();
    const sql = sliceSql(select, query, { offset: 0, limit }, parameters);
    const rows = await this.snapshot.query(sql, parameters.values);
    return rows.map(toListed);
  }

  /** Everybody who fits, a batch at a time. */
  streamListed(query: PeopleQuery): AsyncIterable<readonly ListedPerson[]> {
    return this.batches(listedSelection(this.reader), query);
  }

  /** The same with everything that is known of them, which takes several times as long. */
  everything(query: PeopleQuery): AsyncIterable<readonly Person[]> {
    const { reader } = this;
    const select = selectPeople(reader);
    return this.batches({ select, toPerson: (raw) => toPerson(reader, raw) }, query);
  }

  private batches<Listed>(
    { select, toPerson }: Selection<Listed>,
    query: PeopleQuery,
  ): AsyncIterable<readonly Listed[]> {
    const parameters = new Parameters();
    const sql = `${select} ${whereOf(query, parameters)} ${orderOf(query)}`;
    const rows = this.snapshot.stream(sql, parameters.values);
    return mapBatches(rows, (batch) => batch.map(toPerson));
  }
}

type InEffect = Pick<Presence, "statusId" | "readAt"> & Pick<ListedPerson, "statusClass">;

function listedSelection(reader: Reader): Selection<ListedPerson> {
  const users = reader.table(User).pick(...userProperties);
  const presences = reader.table(Presence).pick(...presenceProperties);
  const settings = reader.table(UserSettings).pick(...settingsProperties);
  const columns = [
    users.joinedColumns("u"),
    presences.joinedColumns("p"),
    settings.joinedColumns("s"),
    `t.id AS "statusId"`,
    `t.class AS "statusClass"`,
    READ_AT,
  ];
  return {
    select: `SELECT ${columns.join(", ")} FROM ${PEOPLE} LEFT JOIN user_settings s ON s.user_id = u.id`,
    toPerson: (raw) => {
      const { statusId, statusClass, readAt } = raw as InEffect;
      const presence = presences.toJoinedRow(raw, "p") as Presence;
      return {
        user: users.toJoinedRow(raw, "u") as User,
        presence: Object.assign(presence, { statusId, readAt }),
        settings: settings.toJoinedRow(raw, "s") as UserSettings,
        statusClass,
      };
    },
  };
}
