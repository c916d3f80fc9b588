import { Permission } from '../src/access/permission.js';
import { Changes } from '../src/platform/changes/changes.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { MOST_WAITING, RevocationFeed } from '../src/auth/revocations/revocation-feed.js';
import { Api, type KeyCaller, PASSWORD } from './support/api.js';
import { until } from './support/until.js';

describe('the feed of revocations', () => {
  let api: Api;
  let middleware: KeyCaller;
  beforeAll(async () => {
    api = await Api.start();
    middleware = await api.serviceKey(Permission.Verify);
  });
  afterAll(() => api.close());

  const present = async (): Promise<string> => {
    await api.app.get(Changes).poll();
    return (await middleware.get('/auth/revocations').expect(200)).body.cursor;
  };
  const after = (cursor: string, waitSeconds = 0) => middleware.get(`/auth/revocations?cursor=${cursor}&waitSeconds=${waitSeconds}`);
  const waiting = (): number => api.app.get(RevocationFeed).waitingCallers;

  it('begins with the present cursor, after which nothing has happened', async () => {
    const cursor = await present();
    expect((await after(cursor).expect(200)).body).toEqual({ data: [], cursor });
  });

  it('names what was ended, of each kind, in order, each once', async () => {
    const ada = await api.signedIn();
    const session = (await ada.get('/auth/me').expect(200)).body.session.id as string;
    const key = await api.withKey(ada);
    let cursor = await present();
    await ada.delete(`/users/me/api-keys/${key.keyId}`).expect(200);
    const { body: changed } = await ada.post('/auth/password/change', { currentPassword: PASSWORD, newPassword: 'another long enough one 7' }).expect(200);
    await api.anyone.post('/auth/logout', { refreshToken: changed.refreshToken }).expect(204);
    const named: unknown[] = [];
    for (let reads = 0; reads < 5; reads += 1) {
      await api.app.get(Changes).poll();
      const { body } = await after(cursor).expect(200);
      named.push(...body.data);
      cursor = body.cursor;
    }
    expect(named).toEqual([
      { kind: 'key', id: key.keyId, at: api.clock.now().toISOString() },
      { kind: 'principal', id: ada.user.id, at: expect.any(String) },
      { kind: 'session', id: expect.not.stringMatching(session), at: expect.any(String) },
    ]);
  });

  it('answers a caller who waits as soon as something happens, and not before', async () => {
    const ada = await api.signedIn();
    const cursor = await present();
    const asked = after(cursor, 25).then(({ body }) => body);
    await until(() => waiting() === 1);
    await api.db.transaction((tx) => api.app.get(Changes).announce(tx, 'settings', 'which is no revocation'));
    await api.app.get(Changes).poll();
    await until(() => waiting() === 1);
    const acted = performance.now();
    await api.anyone.post('/auth/logout', { refreshToken: ada.refreshToken }).expect(204);
    expect((await asked).data).toMatchObject([{ kind: 'session' }]);
    // Far below what is left of the wait; how far is up to the disk, which three commits wait for.
    expect(performance.now() - acted).toBeLessThan(10_000);
    expect(waiting()).toBe(0);
  });

  it('answers with nothing when the wait is over', async () => {
    const cursor = await present();
    expect((await after(cursor, 1).expect(200)).body).toEqual({ data: [], cursor });
  });

  it('refuses a cursor of which it no longer knows what followed, and one it never gave', async () => {
    const old = await present();
    for (let made = 0; made < 2; made += 1) await api.db.transaction((tx) => api.app.get(Changes).announce(tx, 'key-changed', 'x'));
    await api.app.get(Changes).poll();
    api.clock.advanceSeconds(25 * 3600);
    await api.app.get(Jobs).run('changes.purge');
    expect((await after(old, 25).expect(410)).body).toMatchObject({ code: 'revocations.cursor-too-old', status: 410 });
    expect((await after('999999-01a1fd7b-b792-724e-b551-67f6bc9fe6ee').expect(410)).body.code).toBe('revocations.cursor-too-old');
    await after('junk').expect(400);
    await after(await present(), 26).expect(400);
  });

  it('lets so many wait and no more, and a caller who goes away frees the place', async () => {
    const cursor = await present();
    const leave = new AbortController();
    const url = `${api.url}/api/v1/auth/revocations?cursor=${cursor}&waitSeconds=25`;
    const callers = Array.from({ length: MOST_WAITING }, () =>
      fetch(url, { headers: { authorization: `Bearer ${middleware.key}` }, signal: leave.signal }).catch(() => 'left'));
    await until(() => waiting() === MOST_WAITING);
    const { body, headers } = await after(cursor, 1).expect(503);
    expect([body.code, headers['retry-after']]).toEqual(['revocations.too-many-waiting', '5']);
    leave.abort();
    expect(new Set(await Promise.all(callers))).toEqual(new Set(['left']));
    await until(() => waiting() === 0);
    await after(cursor).expect(200);
  });

  it('is for service keys of scope verify alone', async () => {
    const other = await api.serviceKey(Permission.UsageConsume);
    expect((await other.get('/auth/revocations').expect(403)).body.code).toBe('access.missing-permission');
    const ada = await api.signedIn();
    await ada.get('/auth/revocations').expect((answer) => expect([401, 403]).toContain(answer.status));
    await api.anyone.get('/auth/revocations').expect(401);
  });

  it('answers those who wait when the service stops', async () => {
    const own = await Api.start();
    const key = await own.serviceKey(Permission.Verify);
    // The first plan was announced at the start and may have no number yet, which would move the cursor.
    await own.app.get(Changes).poll();
    const { cursor } = (await key.get('/auth/revocations').expect(200)).body;
    const asked = key.get(`/auth/revocations?cursor=${cursor}&waitSeconds=25`).then(({ status, body }) => ({ status, body }));
    await until(() => own.app.get(RevocationFeed).waitingCallers === 1);
    await own.close();
    expect(await asked).toEqual({ status: 200, body: { data: [], cursor } });
  });
});
