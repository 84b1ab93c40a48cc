/** `load000001` and so on: six digits are all that a username of them has. */
export const MAX_LOAD_USERS = 999_999;
