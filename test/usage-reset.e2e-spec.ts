import { SYSTEM } from '../src/audit/audit.service.js';
import { newId } from '../src/platform/ids/ids.js';
import { AccountsService } from '../src/usage/accounts.service.js';
import { DailyReset } from '../src/usage/daily-reset.js';
import { PlansService } from '../src/usage/plans.service.js';
import { UsageAccount } from '../src/usage/usage-account.entity.js';
import { Api } from './support/api.js';

const MANY = 12_000;

/** Rows as they would be after so many users had used something in March. */
async function populate(api: Api, planId: string | null): Promise<void> {
  const ids = Array.from({ length: MANY }, () => newId());
  for (let start = 0; start < MANY; start += 1000) {
    const part = ids.slice(start, start + 1000);
    const rows = (...values: string[]): string => part.map((id) => `('${id}', ${values.map((value) => value.replaceAll('$id', id)).join(', ')})`).join(', ');
    await api.db.query(`INSERT INTO principals (id, kind, created_at) VALUES ${rows("'user'", "'2026-03-02 12:00:00'")}`);
    await api.db.query(
      'INSERT INTO users (id, email, email_key, username, username_key, status, time_zone, preferences, created_at, updated_at, version) VALUES ' +
        rows("'$id@example.org'", "'$id@example.org'", "'$id'", "'$id'", "'active'", "'UTC'", "'{}'", "'2026-03-02 12:00:00'", "'2026-03-02 12:00:00'", '1'),
    );
    const plan = planId === null ? 'NULL' : `'${planId}'`;
    await api.db.query(`INSERT INTO usage_accounts (user_id, plan_id, day, used, spent, balance, plan_balance, month) VALUES ${rows(plan, "'2026-03-02'", '1', '0', '0', '0', "'2026-03'")}`);
  }
}

describe(`the daily reset of ${MANY} accounts`, () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
    await populate(api, null);
  }, 60_000);
  afterAll(() => api.close());

  it('reaches the few that have something to open among the many that have not', async () => {
    const some = await api.db.find(UsageAccount, { order: { userId: 'ASC' }, take: 3 });
    const others = await api.db.find(UsageAccount, { order: { userId: 'DESC' }, take: 3 });
    const accounts = api.app.get(AccountsService);
    for (const { userId } of [...some, ...others]) await accounts.override(SYSTEM, userId, { conversationsPerDay: 1 }, new Date(api.clock.millis() + 1000), 'test');
    expect(await api.app.get(DailyReset).run()).toEqual({ touched: 0, refilled: 0, overridesEnded: 0 });
    api.clock.advanceSeconds(1);
    expect(await api.app.get(DailyReset).run()).toEqual({ touched: 6, refilled: 0, overridesEnded: 6 });
    expect(await api.app.get(DailyReset).run()).toEqual({ touched: 0, refilled: 0, overridesEnded: 0 });
  });

  it('refills every one once when the month turns, with consumption going on', async () => {
    await api.app.get(PlansService).set(SYSTEM, 'free', { creditsPerMonth: 10 });
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    api.clock.set('2026-04-01T00:00:00Z');
    let running = true;
    const job = api.app.get(DailyReset).run().finally(() => (running = false));
    let counted = 0;
    while (running && counted < 90) {
      await key.post('/usage/consume').expect(200);
      counted += 1;
    }
    expect(await job).toMatchObject({ overridesEnded: 0 });
    expect(counted).toBeGreaterThan(0);
    const [row] = await api.db.query<Record<string, unknown>[]>("SELECT COUNT(*) AS many, MIN(balance) AS low, MAX(balance) AS high FROM usage_accounts WHERE month = '2026-04'");
    expect([Number(row!.many), Number(row!.low), Number(row!.high)]).toEqual([MANY + 1, 10, 10]);
    expect(await api.app.get(DailyReset).run()).toEqual({ touched: 0, refilled: 0, overridesEnded: 0 });
  }, 60_000);
});
