import { ArgsType, Field, Int } from "type-graphql";
import { GraphQLCursor } from "./cursor-scalar.js";

@ArgsType()
export class ForwardPageArgs {
  @Field(() => Int, {
    nullable: true,
    description: "The number of entries, 1 to 100, from the start or after `after`. Default: 20.",
  })
  first?: number | null;

  @Field(() => GraphQLCursor, {
    nullable: true,
    description: "Starts after the entry with this cursor.",
  })
  after?: string | null;
}

@ArgsType()
export class PageArgs extends ForwardPageArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      "The number of entries, 1 to 100, from the end or before `before`. Not with `first`.",
  })
  last?: number | null;

  @Field(() => GraphQLCursor, {
    nullable: true,
    description: "Ends before the entry with this cursor.",
  })
  before?: string | null;
}
