import { type ClassType, Field, ObjectType } from "type-graphql";

interface PayloadField {
  readonly type: () => object;
  readonly description: string;
  readonly nullable?: boolean;
}

/** Creates the result type of a mutation: `<Mutation>Payload`, with the changed object under its name. */
export function payloadType(mutation: string, fields: Record<string, PayloadField>): ClassType {
  @ObjectType(`${mutation}Payload`, {
    simpleResolvers: true,
    description: `Result of \`${mutation.charAt(0).toLowerCase()}${mutation.slice(1)}\`.`,
  })
  class PayloadType {}
  for (const [name, { type, ...options }] of Object.entries(fields)) {
    Field(type, options)(PayloadType.prototype, name);
  }
  return PayloadType;
}
