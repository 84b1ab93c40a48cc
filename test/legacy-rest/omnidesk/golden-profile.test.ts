import { done, FORM, MULTIPART, type OmnideskDoor, refused, startOmnidesk } from "./client.js";

/** The example requests of Omnidesk's page as it prints them. */
let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

const PROFILE = `username firstname lastname email telephone language dateFormat groups { number }`;

const CREATE = `{
"firstname": "text",
"lastname": "text",
"name": "text",
"email": "name@gmail.com",
"telephone_number": "text",
"language": "en",
"dateFormat": "en_GB",
"groups": [
1
],
"sendActivationMail": true
}`;

const UPDATE = `"firstname='text'&lastname='text'&name='text'&email='name@gmail.com'&telephone='text'&language='nl'&dateFormat='text'&groups=[1]"`;

it("GET index as printed returns every user in pages of fifteen, in full", async () => {
  const { status, body } = await door.send("GET", "");
  expect({ status, ...body, items: (body.items as unknown[]).length }).toEqual({
    status: 200,
    type: "list",
    itemStart: 0,
    itemTotal: 62,
    itemLimit: 15,
    items: 15,
  });
});

it("POST create works as printed, with a valid telephone number", async () => {
  expect(await door.send("POST", "", { type: MULTIPART, body: CREATE })).toMatchObject(
    refused(400, "telephone_number: must be + and 11 digits"),
  );

  const body = CREATE.replace(`"telephone_number": "text"`, `"telephone_number": "+31201234567"`);
  const answer = await door.send("POST", "", { type: MULTIPART, body });
  expect(answer).toMatchObject(done("User created", { userID: expect.any(Number) }));
  expect(await door.see(answer.body.userID as number, PROFILE)).toEqual({
    username: "text",
    firstname: "text",
    lastname: "text",
    email: "name@gmail.com",
    telephone: "+31201234567",
    language: "en",
    dateFormat: "en_GB",
    groups: [{ number: 1 }],
  });
  const mails: unknown = await door.gateway.dataSource.query(
    `SELECT payload FROM events WHERE topic = 'activationMailRequested'`,
  );
  expect(mails).toEqual([{ payload: { email: "name@gmail.com" } }]);
});

it("PUT {id} works as printed, with a valid telephone number and date format", async () => {
  const printed = UPDATE.replace("name='text'&email='name@", "name='text2'&email='name2@");
  expect(await door.send("PUT", "/20", { type: FORM, body: printed })).toMatchObject(
    refused(
      400,
      "telephone: must be + and digits; dateFormat: must be a locale such as en_GB, or iso",
    ),
  );

  const body = printed
    .replace("telephone='text'", "telephone='+31201234568'")
    .replace("dateFormat='text'", "dateFormat='iso'");
  expect(await door.send("PUT", "/20", { type: FORM, body })).toMatchObject(done("User updated"));
  expect(await door.see(20, PROFILE)).toEqual({
    username: "text2",
    firstname: "text",
    lastname: "text",
    email: "name2@gmail.com",
    telephone: "+31201234568",
    language: "nl",
    dateFormat: "iso",
    groups: [{ number: 1 }],
  });
});

it.each([
  ["usernameUpdate", `"id=1&username='text3'"`, "User's username updated", { username: "text3" }],
  [
    "firstnameUpdate",
    `"id=1&firstname='text'"`,
    "User's first name updated",
    { firstname: "text" },
  ],
  ["lastnameUpdate", `"id=1&lastname='text'"`, "User's last name updated", { lastname: "text" }],
])("PUT %s works as printed", async (path, body, message, effect) => {
  const selection = Object.keys(effect).join(" ");
  expect(await door.see(1, selection)).not.toEqual(effect);
  expect(await door.send("PUT", `/${path}`, { type: FORM, body })).toMatchObject(done(message));
  expect(await door.see(1, selection)).toEqual(effect);
});
