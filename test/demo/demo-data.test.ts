import { DEMO_PASSWORD } from "../../src/demo/users.js";
import { seedDemo } from "../../src/demo/seed-demo.js";
import * as text from "../../src/domain/text-rules.js";
import { User } from "../../src/entities/user.entity.js";
import { isPassword } from "../../src/services/credentials/secrets.js";
import { DemoDatabase } from "./demo-database.js";
import { digestTables } from "./table-contents.js";

const demo = new DemoDatabase();
beforeAll(() => demo.open());
afterAll(() => demo.close());

const people = (): Promise<User[]> => demo.dataSource.getRepository(User).find();

describe("seeding", () => {
  it("of two gateways that start concurrently one seeds the demo", () => {
    expect([...demo.outcomes].sort()).toEqual([false, true]);
  });

  it("the demo is not seeded into a database with users, and the log says so", async () => {
    const before = await digestTables(demo.dataSource);
    expect(await seedDemo(demo.dataSource)).toBe(false);
    expect(await digestTables(demo.dataSource)).toEqual(before);
  });

  it("the demo leaves free ids for the next rows", async () => {
    const [added] = await demo.rows<Record<string, number>>(`
      INSERT INTO users (username, rocket_chat_id, jtel_uid) VALUES ('next.one', 'nextnextnextnext1', 'next.one')
      RETURNING id, jtel_id, omnidesk_id, clientexec_id::integer
    `);
    expect(added).toEqual({ id: 163, jtel_id: 1063, omnidesk_id: 63, clientexec_id: 24063 });
    for (const table of ["groups", "campaigns", "views"]) {
      await demo.rows(`INSERT INTO ${table} (name) VALUES ('next-one')`);
      await demo.rows(`DELETE FROM ${table} WHERE name = 'next-one'`);
    }
    await demo.rows(`DELETE FROM users WHERE username = 'next.one'`);
  });
});

describe("people", () => {
  it("the demo has 62 users of both kinds", async () => {
    expect(
      await demo.rows(`SELECT kind, count(*)::integer FROM users GROUP BY kind ORDER BY kind`),
    ).toEqual([
      { kind: "CUSTOMER", count: 22 },
      { kind: "STAFF", count: 40 },
    ]);
  });

  it("every demo user satisfies the domain's rules", async () => {
    for (const person of await people()) {
      expect(text.username.parse(person.username)).toBe(person.username);
      expect(text.namePart.nullable().parse(person.firstname)).toBe(person.firstname);
      expect(text.namePart.nullable().parse(person.lastname)).toBe(person.lastname);
      expect(text.email.parse(person.email)).toBe(person.email);
      expect(text.telephone.nullable().parse(person.telephone)).toBe(person.telephone);
      expect(text.language.parse(person.language)).toBe(person.language);
      expect(text.dateFormat.parse(person.dateFormat)).toBe(person.dateFormat);
    }
  });

  it("demo telephone numbers and e-mail addresses are reserved for fiction and unique", async () => {
    const everybody = await people();
    const telephones = everybody.flatMap(({ telephone }) => telephone ?? []);
    expect(new Set(telephones).size).toBe(telephones.length);
    expect(telephones.length).toBeGreaterThan(50);
    for (const telephone of telephones) {
      expect(telephone).toMatch(
        /^\+(442079460\d{3}|493023125\d{3}|33199000\d{3}|46846500\d{3}|1617555\d{4}|612555\d{5}|3532091\d{5})$/,
      );
    }
    for (const { email } of everybody) expect(email).toMatch(/@example\.(com|org|net)$/);
  });

  it.each([
    ["rocket_chat_id", "aobEdbYhXfu5hkeqG", "john.doe"],
    ["rocket_chat_id", "SQafHvoFPuB57NmBD", "doe.john"],
    ["clientexec_id", "4145", "Jack Smith"],
    ["clientexec_id", "23243", "Joshua Post"],
    ["clientexec_id", "21150", "Justin Patterson"],
    ["clientexec_id", "23111", "Jesse Wolf"],
    ["clientexec_id", "21780", "Alejandro Cordova"],
    ["clientexec_id", "10182", "Juan Box."],
    ["clientexec_id", "2072", "CPA Business Name"],
    ["omnidesk_id", "1", "ines.moreau"],
  ])("%s %s is %s as in the old system's document", async (idColumn, id, name) => {
    const [row] = await demo.values(`SELECT id FROM users WHERE ${idColumn} = '${id}'`);
    const person = await demo.dataSource.getRepository(User).findOneByOrFail({ id: Number(row) });
    expect([person.username, person.displayName]).toContain(name);
  });

  it("demo staff can log in with the demo password", async () => {
    const hashes = await demo.rows<{ kind: string; password_hash: string | null }>(
      `SELECT DISTINCT kind, password_hash FROM users ORDER BY kind`,
    );
    expect(hashes).toMatchObject([{ kind: "CUSTOMER", password_hash: null }, { kind: "STAFF" }]);
    expect(await isPassword(hashes[1]?.password_hash ?? null, DEMO_PASSWORD)).toBe(true);
  });

  it("the listed demo users hold permissions, and the others none", async () => {
    const holders = (await people()).filter(({ permissions }) => permissions.length > 0);
    expect(
      Object.fromEntries(holders.map(({ username, permissions }) => [username, permissions])),
    ).toEqual({
      "ines.moreau": ["ADMIN"],
      "margaret.okafor": ["USER_READ", "USER_CUD", "API_RESERVE_USER"],
      "john.doe": ["USER_READ", "USER_CUD"],
      "rafael.ortiz-vega": ["USER_READ", "API_RESERVE_USER"],
      "hanna.weiss": ["USER_READ", "USER_ANONYMOUS_BROWSING_UPDATE"],
    });
  });

  it("every demo user has a presence and settings", async () => {
    const without = `
      SELECT username FROM users
      WHERE id NOT IN (SELECT user_id FROM presences) OR id NOT IN (SELECT user_id FROM user_settings)`;
    expect(await demo.values(without)).toEqual([]);
  });
});

describe("roles", () => {
  it("the demo has 26 agents and four managers, one of them both", async () => {
    expect(
      await demo.rows(`
        SELECT count(*)::integer AS agents, count(*) FILTER (WHERE availability = 'NOT_AVAILABLE')::integer AS off
        FROM agents`),
    ).toEqual([{ agents: 26, off: 4 }]);
    expect(
      await demo.rows(`
        SELECT count(*)::integer AS managers, count(agents.user_id)::integer AS both
        FROM managers LEFT JOIN agents USING (user_id)`),
    ).toEqual([{ managers: 4, both: 1 }]);
  });

  it("no demo agent is a customer or deactivated", async () => {
    const odd = `
      SELECT username FROM users JOIN (SELECT user_id FROM agents UNION SELECT user_id FROM managers) AS r
      ON user_id = id WHERE kind <> 'STAFF' OR NOT active`;
    expect(await demo.values(odd)).toEqual([]);
  });

  it("every demo group, campaign and view is used", async () => {
    for (const [catalogue, members, key, atLeast] of [
      ["groups", "group_members", "group_id", 5],
      ["campaigns", "user_campaigns", "campaign_id", 4],
      ["views", "user_views", "view_id", 5],
    ] as const) {
      const used = await demo.values(`SELECT DISTINCT ${key} FROM ${members}`);
      expect(used.length).toBeGreaterThanOrEqual(atLeast);
      expect(await demo.values(`SELECT count(*)::integer FROM ${catalogue}`)).toEqual([
        used.length,
      ]);
    }
    for (const name of await demo.values(`SELECT name FROM campaigns`))
      text.campaignName.parse(name);
    for (const name of await demo.values(`SELECT statistic FROM user_statistics`))
      text.kpiName.parse(name);
    for (const option of await demo.values(
      `SELECT primary_option, secondary_option FROM user_statistics`,
    ))
      text.kpiOption.parse(option);
  });
});
