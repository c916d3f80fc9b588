import { Api, type KeyCaller, type SignedInCaller } from './support/api.js';
import { DatabaseProxy } from './support/database-proxy.js';
import { migratedDatabase } from './support/migrated-database.js';
import { ownTime } from './support/own-time.js';
import type { Scratch } from './support/scratch-database.js';
import { until } from './support/until.js';

/** As the settings have it: those of tests are patient. */
const DEFAULT_MS = 1500;

describe('while the database is away', () => {
  let scratch: Scratch;
  let proxy: DatabaseProxy;
  let api: Api;
  let ada: SignedInCaller;
  let key: KeyCaller;
  beforeAll(async () => {
    scratch = await migratedDatabase();
    proxy = await DatabaseProxy.before(scratch.settings.databaseUrl!);
    api = await Api.start({ databaseUrl: proxy.url, databaseTimeoutMs: DEFAULT_MS });
    ada = await api.signedIn();
    key = await api.withKey(ada);
  });
  afterEach(() => proxy.comeBack());
  afterAll(async () => {
    await api.close();
    await proxy.close();
    await scratch.drop();
  });

  const answersAgain = () => until(async () => (await key.get('/users/me')).status === 200);

  it.each(['goAway', 'fallSilent'] as const)('(%s) every request gets 503 with Retry-After in two seconds, and works again by itself', async (fault) => {
    proxy[fault]();
    const requests = [
      () => key.get('/users/me'),
      () => ada.get('/auth/me'),
      () => ada.post('/usage/consume'),
      () => ada.post('/usage/reservations', { credits: 0 }),
      () => ada.post('/usage/consume').set('idempotency-key', 'during-outage'),
      () => ada.patch('/users/me', { name: 'Ada' }),
      () => api.anyone.post('/auth/login', { login: ada.user.username, password: 'whatever it is' }),
      () => api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }),
    ];
    const started = ownTime.now();
    const answers = await Promise.all(requests.map((send) => send()));
    expect(ownTime.now() - started).toBeLessThan(2500);
    for (const { status, headers, body } of answers) {
      expect([status, body.code, headers['retry-after'], headers['content-type']]).toEqual([503, 'database.away', '2', 'application/problem+json; charset=utf-8']);
    }
    await api.anyone.get('/health/live').expect(200);
    expect((await api.anyone.get('/health/ready').expect(503)).body.code).toBe('health.down');
    proxy.comeBack();
    await answersAgain();
    await api.anyone.get('/health/ready').expect(200);
  });

  it('nothing that was refused is counted', async () => {
    const before = (await ada.get('/usage').expect(200)).body.limits[0].used as number;
    proxy.goAway();
    await Promise.all(Array.from({ length: 20 }, () => ada.post('/usage/consume').expect(503)));
    proxy.comeBack();
    await answersAgain();
    expect((await ada.get('/usage').expect(200)).body.limits[0].used).toBe(before);
  });
});
