/** The largest value of the type `integer` of Postgres, and of `Int` in GraphQL. */
export const MAX_INT32 = 2_147_483_647;
