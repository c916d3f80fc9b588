/** How often a password was wrong for one account, network, device, or account from one network. Instants are milliseconds. */
export interface Failures {
  readonly count: number;
  readonly windowStartedAt: number;
  readonly lastAt: number;
}

export interface FailureLimit {
  /** So many failures in a window end it: nothing is tried until it is over. */
  readonly most: number;
  readonly windowSeconds: number;
  /** Whether each failure past the first few makes the next try wait twice as long. */
  readonly slows: boolean;
}

/** Anybody mistypes that often. */
const FREE = 2;

/** How long to wait before the next try, in seconds; 0 for not at all. */
export function waitSeconds(failures: Failures | undefined, limit: FailureLimit, now: number): number {
  if (!failures || isOver(failures, limit, now)) return 0;
  if (failures.count >= limit.most) return (failures.windowStartedAt - now) / 1000 + limit.windowSeconds;
  if (!limit.slows || failures.count <= FREE) return 0;
  return Math.max(0, 2 ** (failures.count - FREE - 1) - (now - failures.lastAt) / 1000);
}

/** A window begins with its first failure. */
export function isOver({ windowStartedAt }: Failures, { windowSeconds }: FailureLimit, now: number): boolean {
  return now >= windowStartedAt + windowSeconds * 1000;
}
