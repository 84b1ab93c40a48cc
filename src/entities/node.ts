import { Field, ID, InterfaceType } from "type-graphql";

@InterfaceType({ description: "An object that `node(id:)` can fetch again." })
export abstract class Node {
  // Not a plain field: the row's own `id` is the table's key, which is nobody's business.
  @Field(() => ID, {
    name: "id",
    simple: false,
    description: "Opaque and unique over all types; give it to `node(id:)`.",
  })
  abstract readonly globalId: string;
}
