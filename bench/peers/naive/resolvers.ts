import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { cursorKey, keyOf, toCursor } from "../../floor/json.js";
import { Agent, Group, Presence, PresenceClaim, Status, User } from "./entities.js";
import type { Context } from "./loaders.js";
import { setStatus } from "./set-status.js";
import {
  CursorScalar,
  SetStatusInput,
  SetStatusPayload,
  UserBy,
  UserConnection,
  UserFilter,
} from "./types.js";

const SEARCHED_TEXT = `lower(' ' || user.username || ' ' || coalesce(user.firstname, '') || ' ' || coalesce(user.lastname, '') || ' ' || coalesce(user.email, '') || ' ' || coalesce(user.telephone, ''))`;

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { nullable: true })
  user(@Arg("by", () => UserBy) { id }: UserBy, @Ctx() { dataSource }: Context) {
    return dataSource.getRepository(User).findOneBy({ id: keyOf(id) });
  }

  @Query(() => UserConnection)
  async users(
    @Arg("first", () => Int) first: number,
    @Arg("after", () => CursorScalar, { nullable: true }) after: string | null,
    @Arg("filter", () => UserFilter, { nullable: true }) filter: UserFilter | null,
    @Ctx() { dataSource }: Context,
  ): Promise<UserConnection> {
    const query = dataSource
      .getRepository(User)
      .createQueryBuilder("user")
      .where("lower(user.username) > :key", { key: after ? cursorKey(after) : "" })
      .orderBy("lower(user.username)")
      .limit(first + 1);
    if (filter?.search) {
      query.andWhere(`${SEARCHED_TEXT} LIKE lower(:search)`, { search: `%${filter.search}%` });
    }
    const rows = await query.getMany();
    const nodes = rows.slice(0, first);
    const last = nodes.at(-1);
    const endCursor = last ? toCursor(last.username.toLowerCase()) : null;
    return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } };
  }

  @Mutation(() => SetStatusPayload)
  async setStatus(
    @Arg("input", () => SetStatusInput) { user, statusId }: SetStatusInput,
    @Ctx() { dataSource }: Context,
  ): Promise<SetStatusPayload> {
    return { applied: true, presence: await setStatus(dataSource, keyOf(user.id), statusId) };
  }

  @FieldResolver(() => Agent, { nullable: true })
  agent(@Root() { id }: User, @Ctx() { loaders }: Context) {
    return loaders.agents.load(id);
  }

  @FieldResolver(() => Presence)
  presence(@Root() { id }: User, @Ctx() { loaders }: Context) {
    return loaders.presences.load(id);
  }

  @FieldResolver(() => [Group])
  groups(@Root() { id }: User, @Ctx() { loaders }: Context) {
    return loaders.groups.load(id);
  }
}

@Resolver(() => Presence)
export class PresenceResolver {
  @FieldResolver(() => Status)
  status(@Root() { statusInEffect }: Presence, @Ctx() { loaders }: Context) {
    return loaders.statuses.load(statusInEffect);
  }

  @FieldResolver(() => PresenceClaim, { nullable: true })
  lock(@Root() { userId }: Presence, @Ctx() { loaders }: Context) {
    return loaders.locks.load(userId);
  }
}
