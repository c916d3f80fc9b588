/** No token lives longer, whatever the settings of the instance that made it. */
export const MAX_TOKEN_SECONDS = 900;

/** Of a token with which an admin acts as a user. */
export const IMPERSONATION_SECONDS = 900;

/** How far the clocks of two machines may be apart. */
export const CLOCK_SKEW_SECONDS = 30;
