import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../graphql/context.js";
import type { ImportResult } from "../services/users/import/import.service.js";
import * as types from "./import.types.js";

@Resolver()
export class ImportResolver {
  @Mutation(() => types.ImportUsersPayload, {
    description:
      "Takes people of old systems in, with their ids there: finds them by id, e-mail address or username, or makes them. Each row has an outcome of its own; doing it again changes nothing.",
  })
  async importUsers(
    @Arg("input", () => types.ImportUsersInput, { description: "Whom, and how." })
    input: types.ImportUsersInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ results: ImportResult[] }> {
    return { results: await services.imports.importUsers(actor, input) };
  }
}
