/** Who is calling, as Provost says. */
export interface Identity {
  /** The user's id; for service keys the key's. */
  readonly subject: string;
  readonly kind: Kind;
  readonly scopes: readonly string[];
  /** The name of the user's plan; null for those who have none. */
  readonly plan: string | null;
  /** The session of an access token; null for API keys. */
  readonly sessionId: string | null;
  /** The API key's id; null for access tokens. */
  readonly keyId: string | null;
  /** Whether Provost is away and this is what it said last (see `outageSeconds`). */
  readonly stale: boolean;
}

export type Kind = 'user' | 'staff' | 'admin' | 'service';

export const KINDS: readonly Kind[] = ['user', 'staff', 'admin', 'service'];
