import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import type { Context } from "../graphql/context.js";
import { Node } from "../entities/node.js";

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description:
      "An object by its global id; null when it does not exist or the caller may not read it.",
  })
  async node(
    @Arg("id", () => ID, { description: "The global id." }) id: string,
    @Ctx() { actor, services }: Context,
  ): Promise<Node | null> {
    const [node] = await services.nodes.find(actor, "node", [id]);
    return node ?? null;
  }

  @Query(() => [Node], {
    nullable: "items",
    description:
      "Up to 100 objects by their global ids, in the given order; null for each that does not exist or that the caller may not read.",
  })
  nodes(
    @Arg("ids", () => [ID], { description: "The global ids." }) ids: string[],
    @Ctx() { actor, services }: Context,
  ): Promise<(Node | null)[]> {
    return services.nodes.find(actor, "nodes", ids);
  }
}
