import { existsSync } from 'node:fs';
import { SYSTEM } from '../src/audit/audit.service.js';
import { AccountsService } from '../src/usage/accounts.service.js';
import { LedgerEntry } from '../src/usage/ledger-entry.entity.js';
import { UsageAccount } from '../src/usage/usage-account.entity.js';
import { Api, type SignedInCaller } from './support/api.js';
import { BuiltService } from './support/built.js';
import { FixedClock } from './support/fixed-clock.js';

const ROUNDS = 10;

/** A zone where it is about noon, so that no midnight comes while the test counts: the processes have the real clock. */
function zoneAtNoon(): string {
  const east = 12 - new Date().getUTCHours();
  return `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
}

/** Two processes of the built service on one database, be it a MySQL server or the embedded engine's file. */
describe('two processes on one database', () => {
  let api: Api;
  let services: BuiltService[];
  beforeAll(async () => {
    api = await Api.start({}, new FixedClock(Date.now()));
    const { dataDir, databaseUrl } = api.settings;
    if (!existsSync('dist/main.js')) throw new Error('This test runs the built service and builds nothing itself: run "npm run build" first.');
    const shared = { DATA_DIR: dataDir, DATABASE_URL: databaseUrl ?? '', JOBS_ENABLED: 'false', FIRST_ADMIN: 'false' };
    services = await Promise.all([BuiltService.start(shared), BuiltService.start(shared)]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all((services ?? []).map((service) => service.stop()));
    await api.close();
  });

  const newUser = async (): Promise<{ user: SignedInCaller; key: string }> => {
    const user = await api.signedIn();
    await user.put('/users/me/preferences', { timeZone: zoneAtNoon() }).expect(200);
    return { user, key: (await api.withKey(user)).key };
  };

  /** Sends so many at once, by turns to one process and the other; answers how often each status came. */
  const consume = async (count: number, key: string, body: object, headers: Record<string, string> = {}): Promise<Record<number, number>> => {
    const statuses: Record<number, number> = {};
    const send = async (_: unknown, index: number): Promise<void> => {
      const { status } = await fetch(`${services[index % 2]!.url}/api/v1/usage/consume`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      statuses[status] = (statuses[status] ?? 0) + 1;
    };
    await Promise.all(Array.from({ length: count }, send));
    return statuses;
  };

  it('grant exactly 100 of 1,000 that come at once against a limit of 100', async () => {
    const { user, key } = await newUser();
    expect(await consume(1000, key, {})).toEqual({ 200: 100, 429: 900 });
    expect(await api.db.findOneByOrFail(UsageAccount, { userId: user.user.id })).toMatchObject({ used: 100 });
  }, 60_000);

  it('never spend credits that are not there, round after round, and the ledger adds up', async () => {
    const { user, key } = await newUser();
    await api.app.get(AccountsService).grantCredits(SYSTEM, user.user.id, 7 * ROUNDS * 10 + 3, 'test');
    let granted = 0;
    for (let round = 0; round < ROUNDS + 1; round += 1) granted += (await consume(20, key, { conversations: 0, credits: 7 }))[200] ?? 0;
    expect(granted).toBe(10 * ROUNDS);
    const { balance } = await api.db.findOneByOrFail(UsageAccount, { userId: user.user.id });
    const entries = await api.db.findBy(LedgerEntry, { userId: user.user.id });
    expect(balance).toBe(3);
    expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(balance);
    expect(entries.every(({ balanceAfter }) => balanceAfter >= 0)).toBe(true);
  }, 60_000);

  it('carry a repeated request out once between them', async () => {
    const { user, key } = await newUser();
    for (let round = 1; round <= ROUNDS; round += 1) {
      expect(await consume(20, key, { conversations: 10 }, { 'idempotency-key': `round-${round}` })).toEqual({ 200: 20 });
    }
    expect(await api.db.findOneByOrFail(UsageAccount, { userId: user.user.id })).toMatchObject({ used: 10 * ROUNDS });
  }, 60_000);
});
