import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { Api, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';
import { outboxOf, tokenIn } from './support/smtp.js';

describe('what admins and staff do to users', () => {
  let api: Api;
  let admin: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
  });
  afterAll(() => api.close());

  const pathOf = ({ user }: SignedInCaller): string => `/admin/users/${user.id}`;
  const events = (action: string, targetId: string): Promise<AuditEvent[]> => api.db.find(AuditEvent, { where: { action, targetId }, order: { at: 'ASC' } });

  describe('an admin who changes a user', () => {
    it('changes what is sent and nothing else, and the audit has the changed fields alone', async () => {
      const ada = await api.signedIn();
      const { body, headers } = await admin.patch(pathOf(ada), { name: 'Ada', timeZone: 'Europe/Berlin' }).set('x-reason', 'ticket%207').expect(200);
      expect(body).toMatchObject({ id: ada.user.id, name: 'Ada', timeZone: 'Europe/Berlin', username: ada.user.username, email: ada.user.email, version: 2 });
      expect(headers['etag']).toBe('"2"');
      expect(await events('users.update', ada.user.id)).toMatchObject([{ actorId: admin.user.id, reason: 'ticket 7', before: { name: null, timeZone: 'UTC' }, after: { name: 'Ada', timeZone: 'Europe/Berlin' } }]);
      expect((await ada.get('/users/me').expect(200)).body).toMatchObject({ name: 'Ada', timeZone: 'Europe/Berlin' });
    });

    it('may send the whole record back: what the server owns is ignored, what nobody knows is refused by name', async () => {
      const ada = await api.signedIn();
      const { body: record } = await admin.get(pathOf(ada)).expect(200);
      const { body } = await admin.put(pathOf(ada), { ...record, status: 'banned', createdAt: 'never' }).expect(200);
      expect(body).toEqual(record);
      expect(await events('users.update', ada.user.id)).toEqual([]);
      const refused = await admin.patch(pathOf(ada), { nick: 'a' }).expect(400);
      expect(refused.body.violations).toMatchObject([{ pointer: '/nick', code: 'unknown-field' }]);
      for (const change of [{ email: null }, { username: 'a b' }, { timeZone: 'Mars' }, { emailVerified: 'yes' }, { name: '' }]) await admin.patch(pathOf(ada), change).expect(400);
    });

    it('is refused when another admin was first; of many at once with the same version one gets through', async () => {
      const ada = await api.signedIn();
      const { headers } = await admin.get(pathOf(ada)).expect(200);
      const other = await api.admin();
      const ifMatch = headers['etag'] as string;
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? admin : other).patch(pathOf(ada), { name: `number ${n}` }).set('if-match', ifMatch)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(412)]);
      const [first] = answers.filter(({ status }) => status === 200);
      expect((await admin.get(pathOf(ada))).body.name).toBe(first!.body.name);
      const stale = await other.put(pathOf(ada), { name: 'late' }).set('if-match', ifMatch).expect(412);
      expect(stale.body).toMatchObject({ code: 'request.stale-version', currentVersion: 2 });
      await admin.delete(pathOf(ada)).set('if-match', ifMatch).expect(412);
      await admin.delete(pathOf(ada)).set('if-match', '"2"').expect(200);
    });

    it('cannot give a name that another user has, nor one that a deleted user may come back to', async () => {
      const [ada, bob, gone] = [await api.signedIn(), await api.signedIn(), await api.signedIn()];
      await admin.delete(pathOf(gone)).expect(200);
      for (const taken of [{ username: bob.user.username.toUpperCase() }, { email: bob.user.email }, { username: gone.user.username }, { email: gone.user.email }]) {
        const { body } = await admin.patch(pathOf(ada), { name: 'x', ...taken }).expect(409);
        expect(body).toMatchObject({ code: 'users.taken', violations: [{ pointer: `/${Object.keys(taken)[0]}` }] });
      }
      expect((await admin.get(pathOf(ada))).body).toMatchObject({ name: null, version: 1 });
    });

    it('moves the address: it is unconfirmed, both addresses hear of it, and links to the old one are dead', async () => {
      const ada = await api.signedIn();
      const oldLink = tokenIn(await outboxOf(api, ada.user.email));
      await admin.patch(pathOf(ada), { emailVerified: true }).expect(200);
      const { body: record } = await admin.get(pathOf(ada)).expect(200);
      expect(record.emailVerified).toBe(true);
      const email = `${uniqueName('moved')}@example.org`;
      const { body } = await admin.put(pathOf(ada), { ...record, email }).expect(200);
      expect(body).toMatchObject({ email, emailVerified: false });
      expect(await events('users.update', ada.user.id)).toMatchObject([{}, { before: { email: ada.user.email, emailVerified: true }, after: { email, emailVerified: false } }]);
      await api.anyone.post('/auth/email/verify', { token: oldLink }).expect(400);
      expect((await outboxOf(api, ada.user.email)).at(-1)).toMatchObject({ subject: 'Your e-mail address was changed' });
      await api.anyone.post('/auth/email/verify', { token: tokenIn(await outboxOf(api, email)) }).expect(200);
      await api.anyone.post('/auth/login', { login: email, password: PASSWORD }).expect(200);
      await api.anyone.post('/auth/login', { login: ada.user.email, password: PASSWORD }).expect(401);
    });
  });

  describe('an admin who deletes a user', () => {
    it('need not say why, and may in the body or in a header', async () => {
      const [silent, head, body] = [await api.signedIn(), await api.signedIn(), await api.signedIn()];
      expect((await admin.delete(pathOf(silent)).expect(200)).body).toMatchObject({ id: silent.user.id, reason: null });
      expect((await admin.delete(pathOf(head)).set('x-reason', 'moved%20away').expect(200)).body).toMatchObject({ id: head.user.id, reason: 'moved away' });
      expect((await admin.delete(pathOf(body), { reason: 'asked for' }).set('x-reason', 'other').expect(200)).body).toMatchObject({ reason: 'asked for' });
      expect(await events('users.delete', body.user.id)).toMatchObject([{ reason: 'asked for' }]);
      await admin.delete(pathOf(silent)).expect(404);
      await admin.delete(pathOf(silent), { reason: 'x' }).expect(400);
    });
  });
});
