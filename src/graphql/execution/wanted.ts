import { createParameterDecorator } from "type-graphql";
import type { Properties } from "../../database/table.js";

/**
 * For a resolver's parameter: what is going to be looked at of the objects that it yields. Undefined where that is not known, as
 * for whatever GraphQL.js executes: then it is everything.
 */
export const Wanted = () =>
  createParameterDecorator(({ info }) => (info as unknown as WantedInfo | undefined)?.wanted);

/** What stands for the information about the place of the field. */
export interface WantedInfo {
  readonly wanted: Properties | undefined;
}
