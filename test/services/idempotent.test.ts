import { type Actor, system } from "../../src/domain/actor.js";
import { Idempotent, inOperation } from "../../src/services/idempotency/idempotent.js";
import { outcomes } from "../../src/services/idempotency/outcomes.js";

class Tabs {
  readonly callers: Actor[] = [];

  @Idempotent(outcomes.tabId)
  refresh(actor: Actor, tabId: string): Promise<string> {
    this.callers.push(actor);
    return Promise.resolve(tabId);
  }
}

const unsealed = (text: string) => Buffer.from(text);
const record = {
  credential: "key",
  keyHash: Buffer.from("k"),
  fingerprint: Buffer.from("f"),
  seal: unsealed,
  open: String,
};

const withStored = (stored: Record<string, string>): Actor => ({
  ...system("test"),
  idempotency: { record, stored: new Map(Object.entries(stored)), keys: [] },
});

it("a request without an Idempotency-Key calls the method with its actor", async () => {
  const tabs = new Tabs();
  const actor = system("test");
  expect(await tabs.refresh(actor, "a")).toBe("a");
  expect(tabs.callers).toEqual([actor]);
});

it("a change is made under the index of its operation", async () => {
  const tabs = new Tabs();
  expect(await tabs.refresh(inOperation(withStored({}), 3, "someday"), "a")).toBe("a");
  expect(tabs.callers[0]?.idempotencyCall).toMatchObject({ record, keys: ["3"] });
});

it("a stored outcome is returned without a call of the method", async () => {
  const tabs = new Tabs();
  const actor = withStored({ "1": outcomes.tabId.write("stored") });
  expect(await tabs.refresh(inOperation(actor, 1, "refreshTab"), "a")).toBe("stored");
  expect(await tabs.refresh(inOperation(actor, 2, "refreshTab", 2), "b")).toBe("b");
  expect(tabs.callers).toHaveLength(1);
});

it("a second change of one operation is refused, since it would be stored under the same key", async () => {
  const tabs = new Tabs();
  const actor = inOperation(withStored({}), 0, "refreshTab");
  await tabs.refresh(actor, "a");
  expect(() => tabs.refresh(actor, "b")).toThrow("operation 0 makes a second change");
});
