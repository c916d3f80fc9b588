/** What a user can be kept from. */
export enum BanScope {
  /** The whole account: sessions end and keys are refused. */
  SignIn = 'sign-in',
  /** The user's API keys. */
  Api = 'api',
  /** New message logs, whoever posts them. */
  Messages = 'messages',
}

export interface BanTerms {
  readonly scope: BanScope;
  /** Null is for good. */
  readonly until: Date | null;
  readonly reason: string;
}

/** A ban in force. Instants are milliseconds. */
export interface Ban {
  readonly scope: BanScope;
  /** Null is for good. */
  readonly until: number | null;
  readonly reason: string | null;
  /** Null where it was not noted. */
  readonly at: number | null;
}

export type PartialScope = Exclude<BanScope, BanScope.SignIn>;

/** Bans of less than the account, as the column `partial_bans` holds them. Instants are milliseconds. */
export type PartialBans = Partial<Record<PartialScope, Omit<Ban, 'scope'>>>;

/** When a partial ban ends, from the column's text; 0 where there is none. Whoever compares it with the clock needs no job that lifts bans. */
export function endOfBan(stored: unknown, scope: PartialScope): number {
  if (stored === null) return 0;
  const ban = (JSON.parse(stored as string) as PartialBans)[scope];
  return ban ? (ban.until ?? Infinity) : 0;
}

const NONE: readonly Ban[] = [];

/** Those in force. */
export function bansAt(now: number, whole: Ban | undefined, partial: PartialBans | null): readonly Ban[] {
  if (!whole && !partial) return NONE;
  const others = Object.entries(partial ?? {}).map(([scope, ban]) => ({ scope: scope as BanScope, ...ban }));
  return [...(whole ? [whole] : []), ...others].filter(({ until }) => until === null || until > now);
}

/** As answers show it. */
export function shownBan({ scope, until, reason, at }: Ban): { scope: string; until: string | null; reason: string | null; at: string | null } {
  return { scope, until: instant(until), reason, at: instant(at) };
}

function instant(millis: number | null): string | null {
  return millis === null ? null : new Date(millis).toISOString();
}
