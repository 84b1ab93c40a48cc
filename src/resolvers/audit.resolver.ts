import { Arg, Args, Ctx, Field, InputType, Query, Resolver } from "type-graphql";
import type { Context } from "../graphql/context.js";
import type { Door } from "../domain/vocabulary.js";
import { AuditRecord } from "../entities/audit-record.entity.js";
import { DoorEnum } from "../entities/enums.js";
import { type Connection, connectionType, toConnection } from "./shared/connection.js";
import { ForwardPageArgs } from "./shared/paging.js";

export const AuditRecordConnection = connectionType("AuditRecord", AuditRecord);

@InputType({
  description: "Conditions for a list of audit records; all given conditions must hold.",
})
export class AuditFilter {
  @Field(() => String, {
    nullable: true,
    description: "Only changes by this operation, such as lockStatus.",
  })
  action?: string | null;

  @Field(() => String, { nullable: true, description: "Only changes by this username or API key." })
  actor?: string | null;

  @Field(() => DoorEnum, { nullable: true, description: "Only changes through this door." })
  door?: Door | null;

  @Field(() => String, { nullable: true, description: "Only changes of this type, such as User." })
  targetType?: string | null;

  @Field(() => String, { nullable: true, description: "Only changes of the object with this id." })
  targetId?: string | null;

  @Field(() => Date, { nullable: true, description: "Only changes at or after this time." })
  since?: Date | null;

  @Field(() => Date, { nullable: true, description: "Only changes before this time." })
  until?: Date | null;
}

@Resolver()
export class AuditResolver {
  @Query(() => AuditRecordConnection, {
    description: "The audit records of all changes, newest first.",
  })
  async auditRecords(
    @Arg("filter", () => AuditFilter, {
      nullable: true,
      description: "All given conditions must hold.",
    })
    filter: AuditFilter | null | undefined,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() { actor, services }: Context,
  ): Promise<Connection<AuditRecord>> {
    const records = await services.audit.list(actor, { ...page, filter });
    return toConnection(AuditRecordConnection, records);
  }
}
