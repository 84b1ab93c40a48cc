import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { Node } from "../entities/node.js";

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: "Any object by its global id; null when there is none that the caller may read.",
  })
  async node(
    @Arg("id", () => ID, { description: "Which object." }) id: string,
    @Ctx() { actor, services }: Context,
  ): Promise<Node | null> {
    const [node] = await services.nodes.find(actor, "node", [id]);
    return node ?? null;
  }

  @Query(() => [Node], {
    nullable: "items",
    description:
      "Many objects by their global ids, at most 100; in the order asked for, null for each that is not there.",
  })
  nodes(
    @Arg("ids", () => [ID], { description: "Which objects." }) ids: string[],
    @Ctx() { actor, services }: Context,
  ): Promise<(Node | null)[]> {
    return services.nodes.find(actor, "nodes", ids);
  }
}
