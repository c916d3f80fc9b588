import { DailyReset } from '../src/usage/daily-reset.js';
import { Api, PASSWORD, type SignedInCaller } from './support/api.js';

/*
 * Midnights as the tz database has them: New York changes its clocks on 8 March and 1 November 2026 (its days there have
 * 23 and 25 hours), Kolkata never does, and Beirut's clocks go from midnight straight to one on 29 March 2026.
 */
const MIDNIGHTS: [zone: string, midnight: string, next: string, hours: number][] = [
  ['America/New_York', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z', 23],
  ['America/New_York', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z', 25],
  ['Asia/Kolkata', '2026-03-07T18:30:00.000Z', '2026-03-08T18:30:00.000Z', 24],
  ['Asia/Beirut', '2026-03-28T22:00:00.000Z', '2026-03-29T21:00:00.000Z', 23],
  ['Pacific/Chatham', '2026-04-04T10:15:00.000Z', '2026-04-05T11:15:00.000Z', 25],
];

describe.each(['absent', 'late', 'doubled'] as const)('a daily limit, the reset job being %s', (job) => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  const at = async (user: SignedInCaller, instant: number) => {
    api.clock.set(new Date(instant).toISOString());
    const { body } = await api.anyone.post('/auth/login', { login: user.user.username, password: PASSWORD }).expect(200);
    return api.with(body.accessToken as string);
  };
  const runJob = async (count: number) => {
    await Promise.all(Array.from({ length: count }, () => api.app.get(DailyReset).run()));
  };

  it.each(MIDNIGHTS)('returns in %s at %s and not a millisecond before', async (zone, midnight, next, hours) => {
    api.clock.set('2026-01-15T12:00:00Z');
    const ada = await api.signedIn();
    await ada.put('/users/me/preferences', { timeZone: zone }).expect(200);
    const start = Date.parse(midnight);
    const before = await at(ada, start - 1);
    const { body } = await before.post('/usage/consume', { conversations: 100 }).expect(200);
    expect(body.limits[0].resetsAt).toBe(midnight);
    await before.post('/usage/consume').expect(429);
    if (job === 'doubled') await runJob(2);
    const after = await at(ada, start);
    if (job === 'doubled') await runJob(2);
    const { body: fresh } = await after.post('/usage/consume', { conversations: 100 }).expect(200).expect('ratelimit-policy', `"conversations";q=100;w=${hours * 3600}`);
    expect(fresh.limits[0]).toMatchObject({ used: 100, remaining: 0, resetsAt: next });
    if (job === 'late') await runJob(1);
    const last = await at(ada, Date.parse(next) - 1);
    await last.post('/usage/consume').expect(429);
    if (job === 'doubled') await runJob(2);
    await last.post('/usage/consume').expect(429);
    await (await at(ada, Date.parse(next))).post('/usage/consume').expect(200);
  });
});

describe('moving to another time zone', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('does not count the same day twice', async () => {
    api.clock.set('2026-03-02T23:30:00Z');
    const ada = await api.signedIn();
    await ada.post('/usage/consume', { conversations: 100 }).expect(200);
    await ada.put('/users/me/preferences', { timeZone: 'Asia/Kolkata' }).expect(200);
    await ada.post('/usage/consume', { conversations: 100 }).expect(200);
    await ada.put('/users/me/preferences', { timeZone: 'America/New_York' }).expect(200);
    await ada.post('/usage/consume').expect(429);
    await ada.put('/users/me/preferences', { timeZone: 'UTC' }).expect(200);
    await ada.post('/usage/consume').expect(429);
  });
});
