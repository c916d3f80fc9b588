/** What time it is. The middleware asks nobody else, so that a test can say. */
export interface Time {
  /** Milliseconds since 1970: what tokens and logs speak of. */
  wall(): number;
  /** Milliseconds that never go back: how long something has lasted. */
  steady(): number;
}

export const SYSTEM_TIME: Time = { wall: () => Date.now(), steady: () => performance.now() };
