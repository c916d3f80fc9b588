import { Secret } from 'otpauth';
import { newTotpSecret, otpauthUri, stepOf } from './totp.js';

/** The secret and the codes of RFC 6238, appendix B, of which the last six digits are ours. */
const SECRET = Secret.fromLatin1('12345678901234567890').base32;
const VECTORS: [number, string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
];

describe('codes of an authenticator app', () => {
  it.each(VECTORS)('are those of RFC 6238 at %d s', (seconds, code) => {
    expect(stepOf(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
  });

  it('name the step they are of, one either side of now and no further', () => {
    const [seconds, code] = VECTORS[3]!;
    const step = Math.floor(seconds / 30);
    expect([-60, -30, 0, 30, 60].map((off) => stepOf(SECRET, code, (seconds + off) * 1000))).toEqual([undefined, step, step, step, undefined]);
  });

  it('have secrets of 160 bits, never the same', () => {
    const secrets = Array.from({ length: 100 }, newTotpSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(Secret.fromBase32(secret).bytes).toHaveLength(20);
  });

  it('are described to the app by an address that escapes what is in the names', () => {
    const uri = otpauthUri(SECRET, 'example.org', 'grace (admin)');
    expect(uri).toBe(`otpauth://totp/example.org:grace%20(admin)?issuer=example.org&secret=${SECRET}&algorithm=SHA1&digits=6&period=30`);
  });
});
