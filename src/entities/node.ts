import { Field, ID, InterfaceType } from "type-graphql";

@InterfaceType({ description: "An object that `node(id:)` can fetch by its id." })
export abstract class Node {
  // Not a plain field, because the property `id` of an entity is the key of the table.
  @Field(() => ID, {
    name: "id",
    simple: false,
    description: "Opaque, unique among all types; the argument of `node(id:)`.",
  })
  abstract readonly globalId: string;
}
