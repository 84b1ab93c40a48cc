interface Named {
  readonly firstname: string | null;
  readonly lastname: string | null;
  readonly username: string;
}

/** First and last name; the username when both are missing. */
export const displayNameOf = ({ firstname, lastname, username }: Named): string =>
  [firstname, lastname].filter(Boolean).join(" ") || username;
