import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { settingsFrom } from '../config/load-settings.js';
import { KeyFolder } from './key-folder.js';
import { MasterKeys } from './master-keys.js';

const MAKE_KEYS = `
  import { MasterKeys } from ${JSON.stringify(new URL('../../../build/platform/crypto/master-keys.js', import.meta.url).href)};
  const keys = new MasterKeys({ dataDir: process.argv[1], masterKeysOld: [] });
  process.stdout.write(JSON.stringify([keys.current.id, keys.areNew]));
`;

describe('master keys', () => {
  let dataDir: string;
  let folder: KeyFolder;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'provost-keys-'));
    folder = new KeyFolder(dataDir);
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const keys = (overrides = {}): MasterKeys => new MasterKeys(settingsFrom({}, { dataDir, ...overrides }));
  const ids = (masters: MasterKeys): string[] => masters.all().map(({ id }) => id).sort();

  it('are made once, in a file that only the owner can read', () => {
    const first = keys();
    expect(first.areNew).toBe(true);
    expect(keys()).toMatchObject({ areNew: false, current: { id: first.current.id } });
    expect(readdirSync(folder.path)).toEqual(['master.key']);
    expect(statSync(join(folder.path, 'master.key')).mode & 0o777).toBe(0o600);
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  });

  it('are the same in processes that make them at the same moment, and one of those knows that it made them', async () => {
    const make = (): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, ['--input-type=module', '-e', MAKE_KEYS, dataDir]);
    const seen = (await Promise.all([make(), make(), make(), make()])).map(({ stdout }) => JSON.parse(stdout) as [string, boolean]);
    expect(new Set(seen.map(([id]) => id)).size).toBe(1);
    expect(seen.filter(([, areNew]) => areNew)).toHaveLength(1);
    expect(readdirSync(folder.path)).toEqual(['master.key']);
  });

  it('given by setting are not written anywhere', () => {
    keys({ masterKey: randomBytes(32).toString('base64') });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('given by setting leave those in files readable', () => {
    const { id } = keys().current;
    const given = keys({ masterKey: randomBytes(32).toString('base64') });
    expect(given.current.id).not.toBe(id);
    expect(given.find(id)).toBeDefined();
  });

  it('name the file when a key file holds something else', () => {
    keys();
    writeFileSync(join(folder.path, 'master.key'), 'short');
    expect(() => keys()).toThrow(/master\.key/);
  });

  it('stay readable when another becomes current, and leave no other file behind', () => {
    const former = keys().current.id;
    const next = folder.add();
    folder.makeCurrent(next);
    expect(keys().current.id).toBe(next.id);
    expect(ids(keys())).toEqual([former, next.id].sort());
    expect(readdirSync(folder.path).sort()).toEqual([`master.${former}.key`, 'master.key'].sort());
  });

  it('are gone once removed, but never the current one', () => {
    const former = keys().current.id;
    folder.makeCurrent(folder.add());
    folder.remove(former);
    expect(readdirSync(folder.path)).toEqual(['master.key']);
    expect(() => folder.remove(keys().current.id)).toThrow(/current/);
  });
});
