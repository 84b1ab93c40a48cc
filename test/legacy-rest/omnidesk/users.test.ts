import { done, FORM, type OmnideskDoor, refused, startOmnidesk } from "./client.js";

let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

let made = 0;
const fresh = () => {
  made += 1;
  return {
    firstname: "Zoë",
    lastname: "van den Berg-Ølsen",
    name: `zoe.${made}`,
    email: `zoe.${made}@example.com`,
    telephone_number: "+31201234567",
  };
};

const PROFILE =
  "username firstname lastname email telephone language dateFormat kind groups { number }";

async function createdId(fields: object): Promise<number> {
  const answer = await door.post("", fields);
  expect(answer).toMatchObject(done("User created", { userID: expect.any(Number) }));
  return answer.body.userID as number;
}

describe("creating a user", () => {
  it("create needs five fields and sets documented defaults for the rest", async () => {
    const given = fresh();
    const id = await createdId(given);
    expect(await door.see(id, PROFILE)).toEqual({
      username: given.name,
      firstname: "Zoë",
      lastname: "van den Berg-Ølsen",
      email: given.email,
      telephone: "+31201234567",
      language: "en",
      dateFormat: "en_GB",
      kind: "STAFF",
      groups: [],
    });
    expect(await activationMailsTo(given.email)).toBe(1);
  });

  it("create sends no activation mail when the request declines it", async () => {
    const given = fresh();
    await createdId({ ...given, sendActivationMail: false });
    expect(await activationMailsTo(given.email)).toBe(0);
  });

  it("create accepts the telephone under both names, with an unescaped plus sign in a form", async () => {
    const { telephone_number: telephone, ...given } = fresh();
    const id = await createdId({ ...given, telephone });
    expect(await door.see(id, "telephone")).toEqual({ telephone });
    const other = new URLSearchParams({ ...given, name: "bare.plus", email: "bare@example.com" });
    const body = `${other.toString()}&telephone_number=+31207654321`;
    const { body: answered } = await door.send("POST", "", { type: FORM, body });
    expect(await door.see(answered.userID as number, "telephone")).toEqual({
      telephone: "+31207654321",
    });
  });

  it.each([
    ["nl", "nl_NL"],
    ["en", "iso"],
  ])("create accepts language %s and date format %s", async (language, dateFormat) => {
    const id = await createdId({ ...fresh(), language, dateFormat });
    expect(await door.see(id, "language dateFormat")).toEqual({ language, dateFormat });
  });

  it.each([
    [{ firstname: undefined }, "firstname: is required"],
    [{ lastname: undefined }, "lastname: is required"],
    [{ name: undefined }, "name: is required"],
    [{ email: undefined }, "email: is required"],
    [{ telephone_number: undefined }, "telephone_number: is required"],
    [{ firstname: "" }, "firstname: may hold letters, spaces and hyphens only"],
    [{ firstname: "Zo3" }, "firstname: may hold letters, spaces and hyphens only"],
    // Both characters lie between letters that the pattern accepts.
    [{ lastname: "a×b" }, "lastname: may hold letters, spaces and hyphens only"],
    [{ lastname: "a÷b" }, "lastname: may hold letters, spaces and hyphens only"],
    [{ lastname: "Wiśniewska" }, "lastname: may hold letters, spaces and hyphens only"],
    [{ name: "x" }, "name: must have at least 2 characters"],
    [{ name: "a b" }, "name: may hold letters, digits, dots and hyphens only"],
    [{ name: "ab\n" }, "name: may hold letters, digits, dots and hyphens only"],
    [{ name: "a_b" }, "name: may hold letters, digits, dots and hyphens only"],
    [{ email: "nowhere" }, "email: is not an e-mail address"],
    [{ telephone_number: "0201234567" }, "telephone_number: must be + and 11 digits"],
    [{ telephone_number: "+3120123456" }, "telephone_number: must be + and 11 digits"],
    [{ telephone_number: "+312012345678" }, "telephone_number: must be + and 11 digits"],
    [{ telephone_number: "+01201234567" }, /^telephone: must be an E.164 number/],
    [{ language: "de" }, "language: must be en or nl"],
    // The printed pattern accepts both: it is not grouped.
    [{ dateFormat: "en_GB_" }, "dateFormat: must be a locale such as en_GB, or iso"],
    [{ dateFormat: "piso" }, "dateFormat: must be a locale such as en_GB, or iso"],
    [{ groups: [99] }, "Group not found: 99"],
    [{ sendActivationMail: "maybe" }, "sendActivationMail: must be 1, 0, true or false"],
    [{ name: "JOHN.DOE" }, "username is already taken"],
    [{ email: "John.Doe@Example.com" }, "email is already taken"],
  ])("create with %j is refused and creates no user", async (fault, message) => {
    const { gateway } = door;
    const count = () => gateway.dataSource.query(`SELECT count(*) FROM users`);
    const before: unknown = await count();
    expect(await door.post("", { ...fresh(), ...fault })).toMatchObject(refused(400, message));
    expect(await count()).toEqual(before);
  });

  it("create reports every invalid field", async () => {
    expect(await door.post("", { firstname: "1", lastname: "2", name: "3" })).toMatchObject(
      refused(400, /^firstname: .*; lastname: .*; name: .*; email: is required/),
    );
  });
});

async function activationMailsTo(email: string): Promise<number> {
  const sql = `SELECT 1 FROM events WHERE topic = 'activationMailRequested' AND payload->>'email' = $1`;
  const rows: unknown[] = await door.gateway.dataSource.query(sql, [email]);
  return rows.length;
}

describe("updating a user", () => {
  const full = {
    firstname: "Zoë",
    lastname: "van den Berg-Ølsen",
    telephone: "+31201234567",
    language: "nl",
    dateFormat: "iso",
    groups: [{ number: 1 }],
  };
  const FIELDS = "firstname lastname telephone language dateFormat groups { number }";
  let id: number;
  beforeEach(async () => {
    id = await createdId({ ...fresh(), language: "nl", dateFormat: "iso", groups: [1] });
  });

  const update = (body: string) => door.send("PUT", `/${id}`, { type: FORM, body });

  it("an update keeps absent fields", async () => {
    expect(await update("firstname=Ada")).toMatchObject(done("User updated"));
    expect(await door.see(id, FIELDS)).toEqual({ ...full, firstname: "Ada" });
    expect(await update("")).toMatchObject(done("User updated"));
    expect(await door.see(id, FIELDS)).toEqual({ ...full, firstname: "Ada" });
  });

  it("an update clears empty fields", async () => {
    expect(
      await update(`"firstname=''&lastname=''&email=''&telephone=''&groups=''"`),
    ).toMatchObject(done("User updated"));
    expect(await door.see(id, `${FIELDS} email`)).toEqual({
      ...full,
      firstname: null,
      lastname: null,
      telephone: null,
      groups: [],
      email: null,
    });
  });

  it("an update accepts the telephone under both names, of any valid length", async () => {
    await update("telephone_number=+4420794601001");
    expect(await door.see(id, "telephone")).toEqual({ telephone: "+4420794601001" });
    await update("telephone=%2B16175550199");
    expect(await door.see(id, "telephone")).toEqual({ telephone: "+16175550199" });
  });

  it.each([
    ["name=", /^name: may hold letters, digits, dots and hyphens only/],
    ["name=x", "name: must have at least 2 characters"],
    ["name=john.doe", "username is already taken"],
    ["email=nowhere", "email: is not an e-mail address"],
    ["email=john.doe@example.com", "email is already taken"],
    ["language=", "language: must be en or nl"],
    ["language=fr", "language: must be en or nl"],
    ["dateFormat=", "dateFormat: must be a locale such as en_GB, or iso"],
    ["telephone=12", "telephone: must be + and digits"],
    ["firstname=R2D2", "firstname: may hold letters, spaces and hyphens only"],
    ["firstname=Ada&groups=[1,99]", "Group not found: 99"],
  ])("an update with %s is refused and changes nothing", async (body, message) => {
    expect(await update(body)).toMatchObject(refused(400, message));
    expect(await door.see(id, FIELDS)).toEqual(full);
  });

  it("an update of an unknown user number is refused with its name", async () => {
    expect(await door.send("PUT", "/4711", { body: "{}" })).toMatchObject(
      refused(400, "User not found: 4711"),
    );
  });
});

describe("the three calls that change one name", () => {
  it.each(["id", "userID"])("a name change accepts the user number as %s", async (spelling) => {
    for (const name of ["username", "firstname", "lastname"]) {
      const value = `${spelling}-${name}`;
      const answer = await door.put(`/${name}Update`, { [spelling]: "33", [name]: value });
      expect(answer).toMatchObject({ status: 200 });
      expect(await door.see(33, name)).toEqual({ [name]: value });
    }
  });

  it.each([
    ["/usernameUpdate", { id: "33" }, "username: is required"],
    ["/usernameUpdate", { id: "33", username: "a b" }, /^username: may hold/],
    ["/usernameUpdate", { id: "33", username: "john.doe" }, "username is already taken"],
    ["/firstnameUpdate", { id: "33", firstname: "" }, /^firstname: may hold/],
    ["/lastnameUpdate", { id: "33", lastname: "2nd" }, /^lastname: may hold/],
    ["/lastnameUpdate", { id: "4711", lastname: "Second" }, "User not found: 4711"],
  ])("%s with %j is refused", async (path, fields, message) => {
    const before = await door.see(33, "username firstname lastname");
    expect(await door.put(path, fields)).toMatchObject(refused(400, message));
    expect(await door.see(33, "username firstname lastname")).toEqual(before);
  });
});
