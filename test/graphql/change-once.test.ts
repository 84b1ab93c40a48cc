import type { User } from "../../src/entities/user.entity.js";
import { startTestGateway, type TestGateway } from "../support/gateway.js";
import { givenUser } from "../support/given.js";

let gateway: TestGateway;
let secret: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  secret = await gateway.givenKey("ADMIN");
});
afterAll(() => gateway.stop());

const changesOf = async ({ globalId }: User): Promise<string[]> => {
  const rows = await gateway.dataSource.query<{ action: string }[]>(
    `SELECT action FROM audit_records WHERE target_id = $1 AND action <> 'createUser' ORDER BY id`,
    [globalId],
  );
  return rows.map(({ action }) => action);
};

const lock = (selection: string, user: User, statusId = 2) =>
  gateway.ask(
    secret,
    `mutation ($input: LockStatusInput!) { lockStatus(input: $input) { ${selection} } }`,
    { input: { user: { id: user.globalId }, statusId, reason: "Once" } },
  );

it("a change is made once although a field of its result fails", async () => {
  const user = await givenUser(gateway);
  const wrong = `presence { source user { username statusHistory(after: "nowhere") { totalCount } } }`;
  const { data, errors } = await lock(wrong, user);
  expect(data).toBeNull();
  expect(errors).toMatchObject([
    {
      path: ["lockStatus", "presence", "user", "statusHistory"],
      extensions: { code: "BAD_USER_INPUT" },
    },
  ]);
  expect(await changesOf(user)).toEqual(["lockStatus"]);
});

it("a change is made once whatever columns its result needs", async () => {
  const user = await givenUser(gateway, { firstname: "Zoe", lastname: "Quist" });
  const rest = `presence { online lock { reason lockedBy { id } } user {
    displayName email permissions agent { freeSlots } settings { maxChats } groups { name } } }`;
  const { data, errors } = await lock(rest, user);
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    lockStatus: { presence: { lock: { reason: "Once" }, user: { displayName: "Zoe Quist" } } },
  });
  expect(await changesOf(user)).toEqual(["lockStatus"]);
});

it("a refused change returns one error at its path", async () => {
  const user = await givenUser(gateway);
  const { data, errors } = await lock(`presence { online }`, user, 999);
  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ["lockStatus"], extensions: { code: "NOT_FOUND" } }]);
  expect(await changesOf(user)).toEqual([]);
});

it("several changes in one operation are made in order, each once, until one fails", async () => {
  const user = await givenUser(gateway);
  const by = `user: { id: "${user.globalId}" }`;
  const { data, errors } = await gateway.ask(
    secret,
    `mutation {
       first: lockStatus(input: { ${by}, statusId: 2 }) { presence { status { id } } }
       unlockStatus(input: { ${by} }) { presence { lock { reason } } }
       again: lockStatus(input: { ${by}, statusId: 3 }) { presence { status { id } } }
       refused: setStatus(input: { ${by}, statusId: 1 }) { applied }
       late: unlockStatus(input: { ${by} }) { presence { lock { reason } } }
     }`,
  );
  expect(errors).toMatchObject([{ path: ["refused"], extensions: { code: "STATUS_LOCKED" } }]);
  expect(data).toBeNull();
  expect(await changesOf(user)).toEqual(["lockStatus", "unlockStatus", "lockStatus"]);
});

it.each([true, false])("a change is skipped by a directive: %s", async (isLeftOut) => {
  const user = await givenUser(gateway);
  const { data, errors } = await gateway.ask(
    secret,
    `mutation ($user: UserBy!, $isLeftOut: Boolean!) {
       lockStatus(input: { user: $user, statusId: 2 }) @skip(if: $isLeftOut) { __typename }
     }`,
    { user: { id: user.globalId }, isLeftOut },
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual(isLeftOut ? {} : { lockStatus: { __typename: "LockStatusPayload" } });
  expect(await changesOf(user)).toEqual(isLeftOut ? [] : ["lockStatus"]);
});
