import type { Settings } from '../src/platform/config/settings.js';
import { settingsFrom } from '../src/platform/config/load-settings.js';
import { dataSourceOptions } from '../src/platform/database/data-source-options.js';
import { connect } from '../src/platform/database/open-data-source.js';
import { type Scratch, scratchDatabase } from './support/scratch-database.js';

describe('connections to MySQL', () => {
  let scratch: Scratch;
  beforeAll(async () => {
    scratch = await scratchDatabase();
  });
  afterAll(() => scratch.drop());

  const cipher = async (tls: Partial<Settings>): Promise<string> => {
    const settings = settingsFrom({}, { ...scratch.settings, ...tls });
    const dataSource = await connect(dataSourceOptions(settings, [], []), settings);
    try {
      const [row] = await dataSource.query<{ Value: string }[]>("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
      return row!.Value;
    } finally {
      await dataSource.destroy();
    }
  };

  it('are encrypted where DATABASE_TLS says so, and plain where it does not', async () => {
    expect(await cipher({ databaseTls: 'unverified' })).toMatch(/AES|CHACHA/);
    expect(await cipher({})).toBe('');
  });

  it('are refused to a server whose certificate nobody vouches for, where it is to be verified', async () => {
    await expect(cipher({ databaseTls: 'verified', databaseWaitSeconds: 0 })).rejects.toThrow(/certificate/);
    await expect(cipher({ databaseTls: 'verified', databaseTlsCa: '/no/such/file' })).rejects.toThrow(/DATABASE_TLS_CA/);
  });
});
