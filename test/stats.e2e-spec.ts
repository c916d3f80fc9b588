import { SYSTEM } from '../src/audit/audit.service.js';
import { Sql } from '../src/platform/database/sql.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { Backfill } from '../src/stats/backfill.js';
import { StatsFold } from '../src/stats/stats-fold.js';
import { Stats } from '../src/stats/stats.service.js';
import { Tally } from '../src/stats/tally.js';
import { AccountsService } from '../src/usage/accounts.service.js';
import { Api, PASSWORD, type SignedInCaller } from './support/api.js';

const NOTHING = { signUps: 0, deletions: 0, activeUsers: 0, signIns: 0, conversations: 0, messages: 0, promptTokens: 0, completionTokens: 0, refusals: 0, limitRefusals: 0, creditRefusals: 0, creditsSpent: 0 };

describe('statistics', () => {
  let api: Api;
  let admin: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start({ statsUserDays: 400 });
    admin = await api.admin();
  });
  afterAll(() => api.close());

  const statsOf = async (from: string, to = from, top = 10) => (await admin.get(`/admin/stats?from=${from}&to=${to}&top=${top}`).expect(200)).body;
  /** A fresh day, so that tests do not count each other's; and an admin whose session the leap has not ended. */
  const nextDay = async (days = 1): Promise<string> => {
    api.clock.advanceSeconds(days * 86_400);
    admin = await api.admin();
    return api.clock.now().toISOString().slice(0, 10);
  };
  const log = (id: string, model: string, more: object = {}) => ({ id, model, messages: [{ role: 'user', content: 'Why?' }, { role: 'assistant', content: 'Because.' }], promptTokens: 3, completionTokens: 5, ...more });
  const delta = (day: string, userId: string, conversations: number): Tally => {
    const tally = new Tally();
    for (let each = 0; each < conversations; each += 1) tally.conversation({ day, userId, model: 'made-up', messages: 2, promptTokens: 10, completionTokens: 20 });
    return tally;
  };

  /** While the database refuses to do this to deltas. */
  const refusing = async (what: 'INSERT' | 'DELETE', meanwhile: () => PromiseLike<unknown>): Promise<void> => {
    await api.db.query(`CREATE TRIGGER broken BEFORE ${what} ON stats_deltas ${api.settings.databaseUrl ? "FOR EACH ROW SIGNAL SQLSTATE '45000'" : "BEGIN SELECT RAISE(ABORT, 'broken'); END"}`);
    await meanwhile();
    await api.db.query('DROP TRIGGER broken');
  };

  it('say exactly what was done, day by day', async () => {
    const today = await nextDay();
    const [ada, bob, eve] = [await api.signedIn(), await api.signedIn(), await api.signedIn()];
    const gone = await api.signedIn();
    await gone.delete('/users/me', { password: PASSWORD }).expect(200);
    await ada.post('/message-logs', log('one', 'small')).expect(202);
    await ada.post('/message-logs', log('one', 'small')).expect(202);
    await bob.post('/message-logs', { items: [log('a', 'large'), log('b', 'small'), log('b', 'small'), log('c', '__proto__', { promptTokens: null, completionTokens: undefined })] }).expect(202);
    await eve.post('/usage/consume', { conversations: 1 }).expect(200);
    await eve.post('/usage/consume', { conversations: 10_000 }).expect(429);
    await eve.post('/usage/consume', { conversations: 0, credits: 1_000_000 }).expect(402);
    await api.app.get(AccountsService).grantCredits(SYSTEM, eve.user.id, 500, 'A test.');
    await eve.post('/usage/consume', { conversations: 0, credits: 40 }).expect(200);
    const { body: held } = await eve.post('/usage/reservations', { conversations: 0, credits: 100 }).expect(201);
    await eve.post(`/usage/reservations/${held.id}/settle`, { credits: 25 }).expect(200);
    const { days, totals, topUsers, topModels } = await statsOf(today);
    const sums = { ...NOTHING, signUps: 4, deletions: 1, signIns: 4, conversations: 4, messages: 8, promptTokens: 9, completionTokens: 15, refusals: 2, limitRefusals: 1, creditRefusals: 1, creditsSpent: 65 };
    expect(days).toEqual([{ day: today, ...sums, activeUsers: 4 }]);
    const { activeUsers, ...added } = { ...sums, activeUsers: 4 };
    expect(activeUsers && totals).toEqual(added);
    expect(topUsers).toEqual([
      { id: bob.user.id, username: bob.user.username, conversations: 3, messages: 6, promptTokens: 6, completionTokens: 10 },
      { id: ada.user.id, username: ada.user.username, conversations: 1, messages: 2, promptTokens: 3, completionTokens: 5 },
    ]);
    expect(topModels).toEqual([
      { model: 'small', conversations: 2, messages: 4, promptTokens: 6, completionTokens: 10 },
      { model: '__proto__', conversations: 1, messages: 2, promptTokens: 0, completionTokens: 0 },
      { model: 'large', conversations: 1, messages: 2, promptTokens: 3, completionTokens: 5 },
    ]);
    expect((await statsOf(today, today, 1)).topUsers).toHaveLength(1);
  });

  it('count a conversation on the day on which it took place, and a user once a day', async () => {
    const [first, second] = [await nextDay(), await nextDay()];
    const ada = await api.signedIn();
    await ada.post('/message-logs', log('late', 'small', { createdAt: `${first}T23:59:59.999Z` })).expect(202);
    for (const id of ['x', 'y']) await ada.post('/message-logs', log(id, 'small', { createdAt: `${second}T00:00:00Z` })).expect(202);
    await statsOf(first, second);
    await ada.post('/message-logs', log('z', 'small')).expect(202);
    const { days } = await statsOf(first, second);
    expect(days).toMatchObject([{ day: first, conversations: 1, activeUsers: 1 }, { day: second, conversations: 3, activeUsers: 1 }]);
  });

  it('add each delta once when twenty fold at once, whoever wrote it and however late', async () => {
    const today = await nextDay();
    const ada = await api.signedIn();
    // As other instances leave them: committed, not folded yet.
    await Promise.all(Array.from({ length: 60 }, (_, index) => api.app.get(Stats).record(delta(today, ada.user.id, 1 + (index % 3)))));
    await Promise.all([...Array.from({ length: 10 }, () => api.app.get(StatsFold).run()), ...Array.from({ length: 10 }, () => statsOf(today))]);
    const folded = { conversations: 120, messages: 240, promptTokens: 1200, completionTokens: 2400 };
    expect((await statsOf(today)).days).toMatchObject([{ ...folded, activeUsers: 1 }]);
    await api.app.get(Stats).record(delta(today, ada.user.id, 5));
    await api.app.get(Jobs).run('stats.fold');
    const { days, topUsers } = await statsOf(today);
    expect(days).toMatchObject([{ conversations: 125, activeUsers: 1 }]);
    expect(topUsers).toMatchObject([{ id: ada.user.id, conversations: 125 }]);
  });

  it('lose and double nothing when a fold breaks off before its end', async () => {
    const today = await nextDay();
    const ada = await api.signedIn();
    await api.app.get(Stats).record(delta(today, ada.user.id, 7));
    await refusing('DELETE', () => expect(api.app.get(StatsFold).run()).rejects.toThrow());
    const { rows } = await api.app.get(Sql).execute('SELECT conversations FROM stats_days WHERE day = ?', [today]);
    expect(rows).toEqual([]);
    expect((await statsOf(today)).days).toMatchObject([{ conversations: 7 }]);
  });

  it('are committed with what they count: where one cannot be written, neither is', async () => {
    const today = await nextDay();
    const ada = await api.signedIn();
    await refusing('INSERT', () => ada.post('/message-logs', log('both', 'small')).expect(500));
    expect((await ada.get('/message-logs').expect(200)).body.data).toEqual([]);
    expect((await statsOf(today)).days).toMatchObject([{ conversations: 0 }]);
    expect((await ada.post('/message-logs', log('both', 'small')).expect(202)).body).toMatchObject({ accepted: 1 });
    expect((await statsOf(today)).days).toMatchObject([{ conversations: 1 }]);
  });

  it('keep their sums when a user is erased, whose own days go, and those still on their way with them', async () => {
    const today = await nextDay();
    const ada = await api.signedIn();
    await ada.post('/message-logs', log('first', 'small')).expect(202);
    await statsOf(today);
    await ada.post('/message-logs', log('second', 'small')).expect(202);
    await admin.post(`/admin/users/${ada.user.id}/erase`, { reason: 'Asked for.', confirm: ada.user.username }).expect(200);
    const { days, topUsers, topModels } = await statsOf(today);
    expect(days).toMatchObject([{ conversations: 2, activeUsers: 1, signUps: 1, deletions: 1 }]);
    expect(topUsers).toEqual([]);
    expect(topModels).toMatchObject([{ model: 'small', conversations: 2 }]);
  });

  it('count what was there before they were, once, however many begin with it', async () => {
    const today = await nextDay();
    const ada = await api.signedIn();
    await ada.post('/message-logs', { items: Array.from({ length: 30 }, (_, index) => log(`old-${index}`, 'old')) }).expect(202);
    await api.app.get(AccountsService).grantCredits(SYSTEM, ada.user.id, 50, 'A test.');
    await ada.post('/usage/consume', { conversations: 0, credits: 15 }).expect(200);
    await (await api.signedIn()).delete('/users/me', { password: PASSWORD }).expect(200);
    const asTheyCame = await statsOf(today);
    // As before the upgrade: rows, but no counts of them; and as the migration notes it.
    for (const table of ['stats_deltas', 'stats_days', 'stats_user_days', 'stats_model_days', 'stats_backfills']) await api.db.query(`DELETE FROM ${table}`);
    for (const source of ['principals', 'audit_events', 'auth_login_audit', 'credit_ledger', 'message_logs']) await api.db.query(`INSERT INTO stats_backfills (source, done_id, last_id) SELECT '${source}', '', MAX(id) FROM ${source}`);
    await ada.post('/message-logs', log('new', 'new')).expect(202);
    await Promise.all(Array.from({ length: 20 }, () => api.app.get(Backfill).run()));
    await ada.post('/message-logs', log('newer', 'new')).expect(202);
    const { days, topModels } = await statsOf(today);
    const [before] = asTheyCame.days;
    expect(days).toEqual([{ ...before, conversations: 32, messages: 64, promptTokens: 96, completionTokens: 160 }]);
    expect(topModels).toMatchObject([{ model: 'old', conversations: 30 }, { model: 'new', conversations: 2 }]);
  });

  it('forget who was active after the time set for that, and count nobody twice for it', async () => {
    const today = await nextDay();
    const ada = await api.signedIn();
    await ada.post('/message-logs', log('of-then', 'small')).expect(202);
    await statsOf(today);
    await nextDay(401);
    await api.app.get(Jobs).run('stats.retention');
    await api.app.get(Stats).record(delta(today, ada.user.id, 1));
    const { days, topUsers } = await statsOf(today);
    expect(days).toMatchObject([{ conversations: 2, activeUsers: 1 }]);
    expect(topUsers).toEqual([]);
  });

  it.each(['from=2026-02-30', 'from=2026-01-02&to=2026-01-01', 'from=2024-01-01&to=2026-01-01', 'top=0', 'top=101', 'days=3'])('refuse %s', async (query) => {
    await admin.get(`/admin/stats?${query}`).expect(400);
  });
});
