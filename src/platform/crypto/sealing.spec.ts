import { randomBytes } from 'node:crypto';
import { open, seal } from './sealing.js';

describe('sealing', () => {
  const key = randomBytes(32);

  it('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = seal(key, 'text', 'here');
    expect(open(key, sealed, 'here').toString()).toBe('text');
    expect(seal(key, 'text', 'here')).not.toEqual(sealed);
  });

  it('opens nothing with another key, in another context, or after any change', () => {
    const sealed = seal(key, 'text', 'here');
    expect(() => open(randomBytes(32), sealed, 'here')).toThrow();
    expect(() => open(key, sealed, 'there')).toThrow();
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(() => open(key, changed, 'here')).toThrow();
    }
  });
});
