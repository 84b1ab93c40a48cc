/** Usernames are `load000001` and so on, with six digits. */
export const MAX_LOAD_USERS = 999_999;
