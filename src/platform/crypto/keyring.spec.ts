import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsFrom } from '../config/load-settings.js';
import { expand, extract } from './derivation.js';
import { Keyring, UnknownMasterKey, wrapperOf } from './keyring.js';
import { MasterKeys } from './master-keys.js';
import { seal } from './sealing.js';

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');

describe('keyring', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'provost-keys-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const root = randomBytes(32);
  const keyring = (overrides = {}): Keyring => new Keyring(new MasterKeys(settingsFrom({}, { dataDir, ...overrides })), root);

  it('opens what it wrapped, in the same context alone, and names the key that wraps', () => {
    const ring = keyring({ masterKey: key(1) });
    const wrapped = ring.wrap('secret', 'here');
    expect(ring.unwrap(wrapped, 'here').toString()).toBe('secret');
    expect(() => ring.unwrap(wrapped, 'there')).toThrow();
    expect(wrapperOf(wrapped)).toMatch(/^[0-9a-f]{12}$/);
  });

  it('opens what an older key wrapped as long as that key is given, and says which one is missing', () => {
    const wrapped = keyring({ masterKey: key(1) }).wrap('secret', 'here');
    expect(keyring({ masterKey: key(2), masterKeysOld: [key(3), key(1)] }).unwrap(wrapped, 'here').toString()).toBe('secret');
    const without = keyring({ masterKey: key(2) });
    expect(() => without.unwrap(wrapped, 'here')).toThrow(UnknownMasterKey);
    expect(() => without.unwrap(wrapped, 'here')).toThrow(new RegExp(wrapperOf(wrapped)!));
  });

  it('opens values from before keys had names with whichever key fits', () => {
    const plain = seal(Buffer.alloc(32, 1), 'secret', 'here').toString('base64url');
    expect(keyring({ masterKey: key(2), masterKeysOld: [key(1)] }).unwrap(plain, 'here').toString()).toBe('secret');
    expect(() => keyring({ masterKey: key(2) }).unwrap(plain, 'here')).toThrow(UnknownMasterKey);
  });

  it('opens nothing that names another key than the one it was wrapped by', () => {
    const ring = keyring({ masterKey: key(1), masterKeysOld: [key(2)] });
    const other = keyring({ masterKey: key(2) }).wrap('x', 'here');
    const renamed = ring.wrap('secret', 'here').replace(/^\w+/, wrapperOf(other)!);
    expect(() => ring.unwrap(renamed, 'here')).toThrow();
  });

  it('derives another key for each purpose, whatever the master key is', () => {
    expect(keyring().derive('a')).not.toEqual(keyring().derive('b'));
    expect(keyring({ masterKey: key(1) }).derive('a')).toEqual(keyring({ masterKey: key(2) }).derive('a'));
  });

  it('derives from an extracted master key what installations derived before there was a root of its own', () => {
    const master = randomBytes(32);
    expect(expand(extract(master), 'refresh-token')).toEqual(Buffer.from(hkdfSync('sha256', master, '', 'provost/refresh-token', 32)));
  });
});
