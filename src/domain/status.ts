/** The statuses that the rules use. Their names can change, their class cannot. */
export const AVAILABLE_STATUS_ID = 1;
export const BUSY_STATUS_ID = 2;
export const AWAY_STATUS_ID = 3;
export const OFFLINE_STATUS_ID = 4;
export const WRAP_UP_STATUS_ID = 6;

/** The numbers of jtel for the states of a telephone line. */
export const TELEPHONE_STATUS_IDS = { FREE: 0, BUSY: 1, RINGING: 2 } as const;
