import { ArgsType, Field, Int } from "type-graphql";
import { GraphQLCursor } from "./cursor-scalar.js";

@ArgsType()
export class ForwardPageArgs {
  @Field(() => Int, {
    nullable: true,
    description: "How many entries, 1 to 100, from the start or from `after`. Without it: 20.",
  })
  first?: number | null;

  @Field(() => GraphQLCursor, {
    nullable: true,
    description: "Start after the entry of this cursor.",
  })
  after?: string | null;
}

@ArgsType()
export class PageArgs extends ForwardPageArgs {
  @Field(() => Int, {
    nullable: true,
    description: "How many entries, 1 to 100, from the end or from `before`. Not with `first`.",
  })
  last?: number | null;

  @Field(() => GraphQLCursor, {
    nullable: true,
    description: "End before the entry of this cursor.",
  })
  before?: string | null;
}
