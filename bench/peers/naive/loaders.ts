import DataLoader from "dataloader";
import { type DataSource, In, IsNull, MoreThan } from "typeorm";
import { grouped, inOrder } from "../rows.js";
import { Agent, GroupMember, Presence, PresenceClaim, Status } from "./entities.js";

/** Of one request. */
export const createLoaders = (dataSource: DataSource) => ({
  agents: new DataLoader(async (ids: readonly number[]) => {
    const rows = await dataSource.getRepository(Agent).findBy({ userId: In([...ids]) });
    return inOrder(ids, rows, ({ userId }) => userId);
  }),
  presences: new DataLoader(async (ids: readonly number[]) => {
    const rows = await dataSource.getRepository(Presence).findBy({ userId: In([...ids]) });
    return inOrder(ids, rows, ({ userId }) => userId);
  }),
  statuses: new DataLoader(async (ids: readonly number[]) => {
    const rows = await dataSource.getRepository(Status).findBy({ id: In([...ids]) });
    return inOrder(ids, rows, ({ id }) => id);
  }),
  locks: new DataLoader(async (ids: readonly number[]) => {
    const isLock = { userId: In([...ids]), kind: "LOCK" };
    const rows = await dataSource.getRepository(PresenceClaim).findBy([
      { ...isLock, until: IsNull() },
      { ...isLock, until: MoreThan(new Date()) },
    ]);
    return inOrder(ids, rows, ({ userId }) => userId);
  }),
  groups: new DataLoader(async (ids: readonly number[]) => {
    const members = await dataSource.getRepository(GroupMember).find({
      where: { userId: In([...ids]) },
      relations: { group: true },
    });
    const byName = members.sort((a, b) => a.group.name.localeCompare(b.group.name));
    return grouped(ids, byName).map((own) => own.map(({ group }) => group));
  }),
});

export interface Context {
  readonly dataSource: DataSource;
  readonly loaders: ReturnType<typeof createLoaders>;
}
