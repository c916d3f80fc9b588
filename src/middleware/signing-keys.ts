import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { Time } from './time.js';
import { isRecord, type Wire } from './wire.js';

type Keys = ReadonlyMap<string, CryptoKey>;

/** Tokens may name any key they like: what is asked for in vain costs a look at the list no more often than this. */
const LOOK_AGAIN_MS = 1000;
const READ_AGAIN_MS = 300_000;

/** The keys that Provost publishes, held in memory: every request with a token needs one. */
export class SigningKeys {
  private keys?: Keys;
  private generation = 0;
  private readAt = -Infinity;
  private reading?: Promise<Keys>;

  constructor(
    private readonly wire: Wire,
    private readonly time: Time,
  ) {}

  async find(kid: string): Promise<CryptoKey | undefined> {
    const known = this.keys?.get(kid);
    const age = this.time.steady() - this.readAt;
    if (known && age > READ_AGAIN_MS) void this.read().catch(() => undefined);
    if (known) return known;
    if (this.keys && !this.reading && age < LOOK_AGAIN_MS) return undefined;
    return (await this.read()).get(kid);
  }

  /** A key was rotated or removed: nothing that is remembered holds. */
  forget(): void {
    this.generation += 1;
    this.keys = undefined;
    this.reading = undefined;
  }

  private read(): Promise<Keys> {
    const reading = (this.reading ??= this.fetch().finally(() => {
      if (this.reading === reading) this.reading = undefined;
    }));
    return reading;
  }

  private async fetch(): Promise<Keys> {
    const { generation } = this;
    this.readAt = this.time.steady();
    const { value } = await this.wire.demand({ method: 'GET', path: '/.well-known/jwks.json', read: jwksOf });
    const keys = new Map(await Promise.all(value.map(async (jwk) => [jwk.kid!, (await importJWK(jwk, 'ES256')) as CryptoKey] as const)));
    // What was asked for before a key was removed must not be remembered after it.
    if (generation === this.generation) this.keys = keys;
    return keys;
  }
}

/** Keys of other kinds may join the list one day; they are none that tokens are signed with today. */
function jwksOf(body: unknown): JWK[] | undefined {
  const { keys } = isRecord(body) ? body : {};
  if (!Array.isArray(keys)) return undefined;
  const usable = keys.filter((key): key is JWK => isRecord(key) && key.kty === 'EC' && key.crv === 'P-256' && typeof key.kid === 'string' && key.d === undefined);
  return usable.length > 0 ? usable : undefined;
}
