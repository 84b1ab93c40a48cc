import { GraphQLScalarType } from "graphql";
import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Presence, User } from "./entities.js";

/** Of the previous page. */
export const CursorScalar = new GraphQLScalarType<string>({ name: "Cursor" });

@InputType()
export class UserBy {
  @Field(() => ID)
  id!: string;
}

@InputType()
export class UserFilter {
  @Field(() => String, { nullable: true })
  search?: string | null;
}

@InputType()
export class SetStatusInput {
  @Field(() => UserBy)
  user!: UserBy;

  @Field(() => Int)
  statusId!: number;
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => CursorScalar, { nullable: true })
  endCursor!: string | null;
}

@ObjectType()
export class UserConnection {
  @Field(() => [User])
  nodes!: User[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@ObjectType()
export class SetStatusPayload {
  @Field(() => Boolean)
  applied!: boolean;

  @Field(() => Presence)
  presence!: Presence;
}
