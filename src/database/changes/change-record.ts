import type { Actor } from "../../domain/actor.js";

export interface AuditEntry {
  /** The operation, by its GraphQL name. */
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly before?: object | null;
  readonly after?: object | null;
}

export interface Announcement {
  readonly topic: string;
  readonly subject: string;
  readonly payload: object;
}

const WRITE = `
  WITH audited AS (
    INSERT INTO audit_records (actor_kind, credential_id, actor_user_id, actor, door, request_id,
                               action, target_type, target_id, before, after)
    SELECT a."actorKind", a."credentialId", a."actorUserId", a."actor", a."door", a."requestId",
           a."action", a."targetType", a."targetId", a."before", a."after"
    FROM jsonb_to_recordset($1::jsonb) AS a("actorKind" text, "credentialId" integer, "actorUserId" integer,
      "actor" text, "door" text, "requestId" text,
      "action" text, "targetType" text, "targetId" text, "before" jsonb, "after" jsonb)
  )
  INSERT INTO events (topic, subject, payload)
  SELECT e."topic", e."subject", e."payload"
  FROM jsonb_to_recordset($2::jsonb) AS e("topic" text, "subject" text, "payload" jsonb)`;

/** The audit records and events of a transaction. */
export class ChangeRecord {
  private readonly audits: object[] = [];
  private readonly announcements: Announcement[] = [];

  get hasAnnounced(): boolean {
    return this.announcements.length > 0;
  }

  audit(actor: Actor, entry: AuditEntry): void {
    const { kind, credentialId, userId, name, door, requestId } = actor;
    this.audits.push({
      actorKind: kind,
      credentialId,
      actorUserId: userId,
      actor: name,
      door,
      requestId,
      ...entry,
    });
  }

  announce(announcement: Announcement): void {
    this.announcements.push(announcement);
  }

  /** Writes all of them in one statement. */
  writeBy(write: (sql: string, values: readonly unknown[]) => void): void {
    const { audits, announcements } = this;
    if (audits.length === 0 && announcements.length === 0) return;
    write(WRITE, [JSON.stringify(audits), JSON.stringify(announcements)]);
  }
}
