import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../../graphql/context.js";
import type { ImportResult } from "../../services/users/import/import.service.js";
import * as types from "./import.types.js";

@Resolver()
export class ImportResolver {
  @Mutation(() => types.ImportUsersPayload, {
    description:
      "Imports users of legacy systems with their ids: matches them by id, e-mail address or username, or creates them. Each row has its own outcome; a repeated import changes nothing.",
  })
  async importUsers(
    @Arg("input", () => types.ImportUsersInput, { description: "The rows and the mode." })
    input: types.ImportUsersInput,
    @Ctx() { actor, services }: Context,
  ): Promise<{ results: ImportResult[] }> {
    return { results: await services.imports.importUsers(actor, input) };
  }
}
