import { DemoDatabase } from "./demo-database.js";
import { findDisagreements } from "./presence-consistency.js";

const demo = new DemoDatabase();
beforeAll(() => demo.open());
afterAll(() => demo.close());

describe("presence", () => {
  it("the demo shows every status class with several users and every selectable status", async () => {
    const classes = await demo.rows<{ class: string; people: number }>(`
      SELECT class, count(*)::integer AS people
      FROM presences JOIN statuses ON statuses.id = status_id GROUP BY class ORDER BY class`);
    expect(classes.map((row) => row.class)).toEqual(["AVAILABLE", "AWAY", "BUSY", "OFFLINE"]);
    for (const row of classes) expect(row.people).toBeGreaterThanOrEqual(4);
    expect(
      await demo.values(`
        SELECT name FROM statuses WHERE selectable AND id NOT IN (SELECT status_id FROM presences)`),
    ).toEqual([]);
  });

  it("the demo has two locks, one with a reason and an end", async () => {
    expect(
      await demo.rows(`
        SELECT u.username, by.username AS by, reason, until > now() + interval '1 day' AS days
        FROM presence_claims JOIN users u ON u.id = user_id JOIN users by ON by.id = set_by
        WHERE presence_claims.kind = 'LOCK' ORDER BY u.username`),
    ).toEqual([
      { username: "joao.conceicao", by: "margaret.okafor", reason: null, days: null },
      {
        username: "soren.kjaer",
        by: "margaret.okafor",
        reason: "Certification course until the end of the week",
        days: true,
      },
    ]);
  });

  it("the demo has a claim of every kind in effect and none expired", async () => {
    expect(await demo.values(`SELECT DISTINCT source FROM presences ORDER BY source`)).toEqual([
      "CONNECTION",
      "EXTERNAL",
      "INTERNAL",
      "LOCK",
      "MANUAL",
    ]);
    expect(await demo.values(`SELECT id FROM presence_claims WHERE until <= now()`)).toEqual([]);
  });

  it("every demo presence equals the rule applied to its claims", async () => {
    expect(await findDisagreements(demo.dataSource)).toEqual([]);
  });

  it("every demo presence agrees with its history, which has no gaps", async () => {
    expect(
      await demo.values(`
        SELECT user_id FROM presences
        JOIN LATERAL (SELECT * FROM status_changes h WHERE h.user_id = presences.user_id
                      ORDER BY changed_at DESC, id DESC LIMIT 1) AS last USING (user_id)
        WHERE (to_status_id, changed_at) <> (status_id, since)`),
    ).toEqual([]);
    expect(
      await demo.values(`
        SELECT id FROM (
          SELECT *, lag(to_status_id, 1, 4) OVER (PARTITION BY user_id ORDER BY changed_at, id) AS before
          FROM status_changes) AS h
        WHERE before <> from_status_id OR from_status_id = to_status_id OR changed_at > now()`),
    ).toEqual([]);
    const busyPasts = await demo.values(`
      SELECT user_id FROM status_changes WHERE changed_at > now() - interval '3 days'
      GROUP BY user_id HAVING min(changed_at) < now() - interval '2 days' AND count(*) > 10`);
    expect(busyPasts.length).toBeGreaterThanOrEqual(5);
  });

  it("the demo reproduces the online users of Clientexec's document", async () => {
    expect(
      await demo.rows(`
        SELECT clientexec_id AS id, coalesce(lease_until > now(), false) AS online,
               floor(extract(epoch FROM now() - since) / 60)::integer AS minutes
        FROM users JOIN presences ON user_id = id
        WHERE clientexec_id < 24000 ORDER BY online DESC, minutes`),
    ).toEqual([
      { id: "23243", online: true, minutes: 6 },
      { id: "4145", online: true, minutes: 10 },
      { id: "21150", online: false, minutes: 57 },
      { id: "23111", online: false, minutes: 74 },
      { id: "21780", online: false, minutes: 79 },
      { id: "10182", online: false, minutes: 224 },
      { id: "2072", online: false, minutes: 419 },
    ]);
  });

  it("the demo reproduces jtel's telephone line last used in 2020", async () => {
    expect(
      await demo.rows(`
        SELECT jtel_uid, telephone_status, telephone_changed_at, use_web_mail, use_web_email
        FROM users JOIN presences p ON p.user_id = id JOIN user_settings s ON s.user_id = id
        WHERE telephone_changed_at < '2021-01-01'`),
    ).toEqual([
      {
        jtel_uid: "k.vogel",
        telephone_status: "FREE",
        telephone_changed_at: new Date("2020-07-07T06:20:14.558Z"),
        use_web_mail: true,
        use_web_email: true,
      },
    ]);
  });
});

describe("reservations", () => {
  it("the demo has reservations in every state", async () => {
    expect(await demo.values(`SELECT DISTINCT state FROM reservations ORDER BY state`)).toEqual([
      "ACCEPTED",
      "EXPIRED",
      "HELD",
      "RELEASED",
    ]);
  });

  it("demo reservations are held by available agents within their capacity", async () => {
    const refused = `
      SELECT user_id
      FROM reservations JOIN user_settings USING (user_id) JOIN presences p USING (user_id)
      JOIN statuses ON statuses.id = p.status_id LEFT JOIN agents USING (user_id)
      WHERE state IN ('HELD', 'ACCEPTED')
      GROUP BY user_id
      HAVING count(*) > min(max_chats) OR min(class) <> 'AVAILABLE' OR max(class) <> 'AVAILABLE'
        OR min(coalesce(availability, '')) <> 'AVAILABLE'`;
    expect(await demo.values(refused)).toEqual([]);
    expect(
      await demo.values(`SELECT id FROM reservations WHERE state = 'HELD' AND expires_at <= now()`),
    ).toEqual([]);
  });

  it("demo reservations have increasing fencing tokens per agent", async () => {
    expect(
      await demo.values(`
        SELECT id FROM (
          SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY held_at, id) AS nth FROM reservations) AS r
        WHERE nth <> fencing_token`),
    ).toEqual([]);
  });
});
