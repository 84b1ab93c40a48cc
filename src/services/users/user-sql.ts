/** First and last name of `users` under the alias `u`; empty without either. */
export const fullName = (u: string): string => `concat_ws(' ', ${u}.firstname, ${u}.lastname)`;

/** `displayNameOf` in SQL. */
export const displayName = (u: string): string =>
  `coalesce(nullif(${fullName(u)}, ''), ${u}.username)`;
