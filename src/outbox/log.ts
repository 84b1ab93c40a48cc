import { integerKeyOf } from "../domain/global-id.js";
import type { StatusClass } from "../domain/vocabulary.js";
import type { Reader } from "../database/reader.js";
import type { EventFilter } from "./event-filter.js";
import type { EventRow, LoggedEvent, SubjectFacts } from "./logged-event.js";

/** Postgres' bigint comes as text. */
type StoredEvent = Omit<EventRow, "id"> & { readonly id: string };

const toEventRow = (row: StoredEvent): EventRow => ({ ...row, id: Number(row.id) });

const COLUMNS = `e.id, e.topic, e.subject, e.payload,
  (extract(epoch FROM clock_timestamp() - e.created_at) * 1000)::float8 AS "ageMs"`;

/** The outbox: the table `events`. */
export class EventLog {
  constructor(private readonly reader: Reader) {}

  /** What can be seen now after a place, in order; there may be gaps that are filled later. */
  async after(id: number, limit: number): Promise<EventRow[]> {
    const rows = await this.reader.query<StoredEvent>(
      `SELECT ${COLUMNS} FROM events e WHERE e.id > $1 ORDER BY e.id LIMIT $2`,
      [id, limit],
    );
    return rows.map(toEventRow);
  }

  /** What is of interest after a place and up to another one, in order. */
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

  /** The last ids that can be seen, highest first. */
  async latestIds(limit: number): Promise<number[]> {
    const rows = await this.reader.query<{ id: string }>(
      `SELECT e.id FROM events e ORDER BY e.id DESC LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => Number(id));
  }

  /** Between which ids events are kept: whoever resumes from before `first - 1` has missed some. */
  async kept(): Promise<{ first: number; last: number }> {
    const [row] = await this.reader.query<{ first: string; last: string }>(
      `SELECT coalesce((SELECT min(e.id) FROM events e), s.last + 1) AS first, s.last
       FROM (SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM events_id_seq) s`,
    );
    return { first: Number(row?.first), last: Number(row?.last) };
  }

  /**
   * The transactions that are writing events just now. Each holds this lock from before it is given ids
   * until after its events can be seen, or never will be.
   */
  async writers(): Promise<Set<string>> {
    const rows = await this.reader.query<{ writer: string }>(
      `SELECT l.virtualtransaction AS writer FROM pg_locks l
       WHERE l.relation = 'events'::regclass AND l.mode = 'RowExclusiveLock'
         AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`,
    );
    return new Set(rows.map(({ writer }) => writer));
  }

  /** Adds what filters will ask, in two statements however many events there are. */
  async withFacts(rows: readonly EventRow[]): Promise<LoggedEvent[]> {
    const batch = {};
    const ids = rows.flatMap((row) => subjectUserId(row) ?? []);
    const [people, statusClasses] = ids.length
      ? await Promise.all([this.people(ids), this.statusClasses()])
      : [new Map<number, SubjectFacts>(), new Map<number, StatusClass>()];
    return rows.map((row) => {
      const userId = subjectUserId(row);
      const person = userId === null ? null : (people.get(userId) ?? null);
      return { ...row, person, statusClasses, batch };
    });
  }

  /**
   * Throws away the oldest that are older than this. Any process may do it. They wait for each other: what
   * is kept is always everything after some event, or `kept` could not tell what somebody has missed.
   *
   * @returns how many events went
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

  private async people(ids: readonly number[]): Promise<Map<number, SubjectFacts>> {
    const rows = await this.reader.query<SubjectFacts & { id: number }>(
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

/** Whom an event is about; null when it is about no person. */
export const subjectUserId = ({ subject, topic }: EventRow): number | null =>
  topic === "tabRefreshed" ? null : integerKeyOf("User", subject);
