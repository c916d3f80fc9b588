import { isIP } from 'node:net';
import { Fields } from '../platform/http/fields.js';
import type { LimitDto } from './usage.dto.js';

/** Characters of a token or key. */
export const MAX_CREDENTIAL = 4096;

export class CostDto {
  /** 0 to 10,000. @example 1 */
  conversations?: number;
  /** 0 to 1,000,000,000. */
  credits?: number;

  static parse(plain: unknown): CostDto {
    const fields = Fields.of(plain, ['conversations', 'credits'], '/cost');
    const cost = new CostDto();
    cost.conversations = fields.integer('conversations', 0, 10_000);
    cost.credits = fields.integer('credits', 0, 1_000_000_000);
    fields.done();
    return cost;
  }
}

export class VerifyDto {
  /** An access token. One of `token` and `apiKey` must be given. */
  token?: string;
  /** An API key. */
  apiKey?: string;
  /** Where the caller's request came from, for keys that are bound to networks. */
  ip?: string;
  /** What to count at the same time; nothing is counted without it. */
  cost?: CostDto;

  static parse(plain: unknown): VerifyDto {
    const fields = Fields.of(plain, ['token', 'apiKey', 'ip', 'cost']);
    const verify = new VerifyDto();
    verify.token = fields.text('token', isCredential, `must be text of 1 to ${MAX_CREDENTIAL} characters`);
    verify.apiKey = fields.text('apiKey', isCredential, `must be text of 1 to ${MAX_CREDENTIAL} characters`);
    verify.ip = fields.text('ip', (text) => isIP(text) !== 0, 'must be an IP address');
    fields.done();
    const { cost } = (plain ?? {}) as { cost?: unknown };
    if (cost !== undefined) verify.cost = CostDto.parse(cost);
    return verify;
  }
}

function isCredential(text: string): boolean {
  return text.length >= 1 && text.length <= MAX_CREDENTIAL;
}

export class ActDto {
  /** The admin's id. */
  sub!: string;
  /** @example 'admin' */
  kind!: string;
}

export class VerifiedDto {
  /** Whether the credential is good, and the cost, if there was one, was granted. */
  active!: boolean;
  /** The user's id, or the key's for a service key. */
  subject?: string;
  /** `user`, `staff`, `admin` or `service`. */
  kind?: string;
  scopes?: string[];
  /** The name of the user's plan. */
  plan?: string;
  limits?: LimitDto[];
  /** Set where an administrator acts as the user: show what the user sees if you like, and let nothing be changed or used up. */
  readOnly?: boolean;
  /** Who acts as the user. */
  act?: ActDto;
  /** Why it is not active: the code of the problem. @example 'api-keys.expired' */
  reason?: string;
}
