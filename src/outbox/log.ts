import type { StatusClass } from "../domain/vocabulary.js";
import type { Reader } from "../database/reader.js";
import {
  type EventFilter,
  type EventRow,
  type EventUser,
  type LoggedEvent,
  subjectUserId,
} from "./event.js";

/** The driver returns a bigint as text. */
type StoredEvent = Omit<EventRow, "id"> & { readonly id: string };

const toEventRow = (row: StoredEvent): EventRow => ({ ...row, id: Number(row.id) });

const COLUMNS = `e.id, e.topic, e.subject, e.payload,
  (extract(epoch FROM clock_timestamp() - e.created_at) * 1000)::float8 AS "ageMs"`;

/** The statements on the table `events`. */
export class EventLog {
  constructor(private readonly reader: Reader) {}

  /** Visible events above an id, in order. Ids that are missing between them may become visible later. */
  async after(id: number, limit: number): Promise<EventRow[]> {
    const rows = await this.reader.query<StoredEvent>(
      `SELECT ${COLUMNS} FROM events e WHERE e.id > $1 ORDER BY e.id LIMIT $2`,
      [id, limit],
    );
    return rows.map(toEventRow);
  }

  /** Events of a topic and its subjects, above one id and up to another, in order. */
  async between(
    after: number,
    upTo: number,
    { topic, subjects }: EventFilter,
    limit: number,
  ): Promise<EventRow[]> {
    const rows = await this.reader.query<StoredEvent>(
      `SELECT ${COLUMNS} FROM events e
       WHERE e.id > $1 AND e.id <= $2 AND e.topic = $3 AND ($4::text[] IS NULL OR e.subject = ANY($4))
       ORDER BY e.id LIMIT $5`,
      [after, upTo, topic, subjects, limit],
    );
    return rows.map(toEventRow);
  }

  /** The highest visible ids, in descending order. */
  async latestIds(limit: number): Promise<number[]> {
    const rows = await this.reader.query<{ id: string }>(
      `SELECT e.id FROM events e ORDER BY e.id DESC LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => Number(id));
  }

  /** The ids that are kept. Events are lost to a subscriber that resumes from below `first - 1`. */
  async kept(): Promise<{ first: number; last: number }> {
    const [row] = await this.reader.query<{ first: string; last: string }>(
      `SELECT coalesce((SELECT min(e.id) FROM events e), s.last + 1) AS first, s.last
       FROM (SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM events_id_seq) s`,
    );
    return { first: Number(row?.first), last: Number(row?.last) };
  }

  /**
   * The transactions that are writing events. Each holds this lock from before its ids are assigned until
   * its events are visible or rolled back.
   */
  async writers(): Promise<Set<string>> {
    const rows = await this.reader.query<{ writer: string }>(
      `SELECT l.virtualtransaction AS writer FROM pg_locks l
       WHERE l.relation = 'events'::regclass AND l.mode = 'RowExclusiveLock'
         AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`,
    );
    return new Set(rows.map(({ writer }) => writer));
  }

  /** Adds the data that filters need, in two statements for any number of events. */
  async withFilterData(rows: readonly EventRow[]): Promise<LoggedEvent[]> {
    const batch = {};
    const ids = rows.flatMap((row) => subjectUserId(row) ?? []);
    const [users, statusClasses] = ids.length
      ? await Promise.all([this.users(ids), this.statusClasses()])
      : [new Map<number, EventUser>(), new Map<number, StatusClass>()];
    return rows.map((row) => {
      const userId = subjectUserId(row);
      const user = userId === null ? null : (users.get(userId) ?? null);
      return { ...row, user, statusClasses, batch };
    });
  }

  /**
   * Deletes a batch of expired events. FOR UPDATE serialises concurrent calls, so that the kept events are always
   * all events above some id: `kept` depends on that.
   *
   * @returns the number of deleted events
   */
  async prune(olderThanHours: number, limit: number): Promise<number> {
    const [pruned] = await this.reader.query<{ count: string }>(
      `WITH gone AS (
         DELETE FROM events WHERE id IN (
           SELECT id FROM events WHERE created_at < now() - make_interval(hours => $1)
           ORDER BY id LIMIT $2 FOR UPDATE)
         RETURNING 1)
       SELECT count(*) FROM gone`,
      [olderThanHours, limit],
    );
    return Number(pruned?.count ?? 0);
  }

  private async users(ids: readonly number[]): Promise<Map<number, EventUser>> {
    const rows = await this.reader.query<EventUser & { id: number }>(
      `SELECT u.id, u.kind, ARRAY(SELECT m.group_id FROM group_members m WHERE m.user_id = u.id) AS "groupIds"
       FROM users u WHERE u.id = ANY($1::int[])`,
      [[...new Set(ids)]],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async statusClasses(): Promise<Map<number, StatusClass>> {
    const rows = await this.reader.query<{ id: number; class: StatusClass }>(
      `SELECT s.id, s.class FROM statuses s`,
    );
    return new Map(rows.map((row) => [row.id, row.class]));
  }
}
