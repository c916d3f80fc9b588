import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { settingsFrom } from '../config/load-settings.js';
import { Keyring } from './keyring.js';
import { open, seal } from './sealing.js';

const MAKE_KEYS = `
  import { Keyring } from ${JSON.stringify(new URL('../../../dist/platform/crypto/keyring.js', import.meta.url).href)};
  const keyring = new Keyring({ dataDir: process.argv[1] });
  process.stdout.write(keyring.signing.kid + keyring.derive('test').toString('hex'));
`;

describe('keyring', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'provost-keys-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const keyring = (overrides = {}): Keyring => new Keyring(settingsFrom({}, { dataDir, ...overrides }));

  it('makes its keys once, in files that only the owner can read', () => {
    const first = keyring();
    expect(keyring().signing.kid).toBe(first.signing.kid);
    expect(keyring().derive('test')).toEqual(first.derive('test'));
    const folder = join(dataDir, 'keys');
    expect(readdirSync(folder).sort()).toEqual(['master.key', 'signing.pem']);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is the same in processes that make the keys at the same moment', async () => {
    const make = (): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, ['--input-type=module', '-e', MAKE_KEYS, dataDir]);
    const seen = await Promise.all([make(), make(), make(), make()]);
    expect(new Set(seen.map(({ stdout }) => stdout)).size).toBe(1);
    expect(seen[0].stdout.length).toBeGreaterThan(64);
    expect(readdirSync(join(dataDir, 'keys')).sort()).toEqual(['master.key', 'signing.pem']);
  });

  it('takes given keys and then writes none', () => {
    const masterKey = randomBytes(32).toString('base64');
    const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const given = keyring({ masterKey, signingKey });
    expect(given.unwrap(given.wrap('secret', 'context'), 'context').toString()).toBe('secret');
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('refuses a signing key on another curve or that cannot be read, by name', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(() => keyring({ signingKey: other })).toThrow(/SIGNING_KEY .*P-256/);
    expect(() => keyring({ signingKey: '-----BEGIN PRIVATE KEY-----\njunk' })).toThrow(/SIGNING_KEY/);
  });

  it('names the file when a key file holds something else', () => {
    keyring();
    writeFileSync(join(dataDir, 'keys', 'master.key'), 'short');
    expect(() => keyring()).toThrow(/master\.key/);
  });

  it('derives another key for each purpose', () => {
    expect(keyring().derive('a')).not.toEqual(keyring().derive('b'));
  });
});

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
