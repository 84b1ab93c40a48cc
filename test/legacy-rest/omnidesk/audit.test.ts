import { calls } from "./calls.js";
import { FORM, type OmnideskDoor, startOmnidesk } from "./client.js";

let door: OmnideskDoor;
beforeAll(async () => {
  door = await startOmnidesk();
});
afterAll(() => door.gateway.stop());

const audit = async () => {
  const { data } = await door.gateway.ask(
    door.key,
    `{ auditRecords(filter: { door: OMNIDESK }, first: 100) { nodes { action door actor } } }`,
  );
  return (data?.auditRecords as { nodes: { action: string }[] }).nodes;
};

it("every Omnidesk change is audited once, with API and key", async () => {
  const actions: string[] = [];
  for (const { method, path, fields, action } of calls) {
    const body = new URLSearchParams(fields).toString();
    const { status } =
      method === "GET"
        ? await door.send("GET", `${path}?${body}`)
        : await door.send(method, path, { type: FORM, body });
    expect([path, status]).toEqual([path, 200]);
    if (action !== null) actions.unshift(action);
  }
  const by = { door: "OMNIDESK", actor: "key of ines.moreau" };
  expect(await audit()).toEqual(actions.map((action) => ({ action, ...by })));
});

it("a refused change is not audited", async () => {
  const before = await audit();
  await door.post("/updateStatus", { userID: 13, statusID: 1 });
  await door.put("/maxChats", { maxChats: "-1" });
  expect(await audit()).toEqual(before);
});
