import { StaffLevel } from '../src/access/permission.js';
import { Admin } from '../src/admin/admin.entity.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { Principal } from '../src/users/principal.entity.js';
import { Api, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';

describe('accounts of the back office', () => {
  let api: Api;
  let root: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    root = await api.admin();
  });
  afterAll(() => api.close());

  /** An admin with these permissions and no others. */
  const adminWith = async (...permissions: string[]): Promise<SignedInCaller> => {
    const admin = await api.admin();
    await api.db.update(Admin, { id: admin.user.id }, { permissions });
    return admin;
  };
  const permissionsOf = async (id: string): Promise<string[] | null> => (await api.db.findOneByOrFail(Admin, { id })).permissions;
  const staffTerms = (level = 2) => ({ username: uniqueName('hugo'), email: `${uniqueName()}@example.org`, name: 'Hugo', level });

  describe.each([
    ['/admin/staff', '/staff/auth/login', staffTerms, 'staff.taken'],
    ['/admin/admins', '/admin/auth/login', () => ({ username: uniqueName('grace'), permissions: ['users:read'] }), 'admins.taken'],
  ])('%s', (path, door, terms, taken) => {
    it('makes an account with a password for one sign-in, told once', async () => {
      const wanted = terms();
      const { body } = await root.post(path, wanted).expect(201);
      expect(body).toMatchObject({ ...wanted, status: 'active', oneTimePassword: expect.stringMatching(/^\w{20,22}$/) });
      const { body: signedIn } = await api.anyone.post(door, { login: wanted.username, password: body.oneTimePassword }).expect(200);
      expect(signedIn.pending).toBe('password-change');
      const { body: read, headers } = await root.get(`${path}/${body.id}`).expect(200);
      expect(read).toMatchObject(wanted);
      expect(read).not.toHaveProperty('oneTimePassword');
      expect(headers.etag).toBe('"1"');
      expect(JSON.stringify(await api.db.findBy(AuditEvent, { targetId: body.id }))).not.toContain(body.oneTimePassword);
    });

    it('gives the same answer to a repeated request, and makes one account', async () => {
      const wanted = terms();
      const create = () => root.post(path, wanted).set('idempotency-key', wanted.username).expect(201);
      expect((await create()).body).toEqual((await create()).body);
    });

    it('lists every account as a bare array with their number', async () => {
      const { body: made } = await root.post(path, terms()).expect(201);
      const { body, headers } = await root.get(path).expect(200);
      expect(body.map(({ id }: { id: string }) => id)).toContain(made.id);
      expect(headers['x-total-count']).toBe(String(body.length));
    });

    it('changes an account and audits before and after; PUT merges like PATCH, and a stale version changes nothing', async () => {
      const { body: made } = await root.post(path, terms()).expect(201);
      const change = 'level' in made ? { level: 3 } : { permissions: ['audit:read'] };
      await root.patch(`${path}/${made.id}`, change).set('if-match', '"1"').expect(200);
      await root.patch(`${path}/${made.id}`, change).set('if-match', '"1"').expect(412);
      const { oneTimePassword: _, ...record } = made;
      await root.put(`${path}/${made.id}`, { ...record, ...change, username: made.username.toUpperCase() }).expect(200);
      const [event] = await api.db.findBy(AuditEvent, { targetId: made.id, action: path === '/admin/staff' ? 'staff.update' : 'admins.update' });
      const [field, after] = Object.entries(change)[0]!;
      expect(event).toMatchObject({ actorId: root.user.id, before: { [field]: made[field] }, after: { [field]: after } });
    });

    it('refuses a name that another account of its kind has, nulls, and fields that are not there', async () => {
      const wanted = terms();
      const { body: made } = await root.post(path, wanted).expect(201);
      expect((await root.post(path, { ...terms(), username: wanted.username.toUpperCase() }).expect(409)).body).toMatchObject({ code: taken, errors: { username: expect.any(String) } });
      for (const body of [{ username: null }, { status: null }, { status: 'asleep' }, { level: 4 }, { permissions: ['users:everything'] }, { password: PASSWORD }]) {
        await root.patch(`${path}/${made.id}`, body).expect(400);
      }
    });

    it('ends sessions at once when an account is disabled, and forgets one that is removed', async () => {
      const wanted = terms();
      const { body: made } = await root.post(path, wanted).expect(201);
      const { body } = await api.anyone.post(door, { login: wanted.username, password: made.oneTimePassword }).expect(200);
      const me = () => api.with(body.accessToken).get(door.replace('login', 'me'));
      await me().expect(200);
      await root.patch(`${path}/${made.id}`, { status: 'disabled' }).expect(200);
      await me().expect(401);
      await api.anyone.post(door, { login: wanted.username, password: made.oneTimePassword }).expect(403);
      await root.patch(`${path}/${made.id}`, { status: 'active' }).expect(200);
      await me().expect(401);
      expect((await root.delete(`${path}/${made.id}`).expect(200)).body).toMatchObject({ id: made.id });
      await root.get(`${path}/${made.id}`).expect(404);
      await root.delete(`${path}/${made.id}`).expect(404);
      await api.anyone.post(door, { login: wanted.username, password: made.oneTimePassword }).expect(401);
      expect(await api.db.existsBy(Principal, { id: made.id })).toBe(false);
      await root.post(path, { ...terms(), username: wanted.username }).expect(201);
    });
  });

  describe('permissions of admins', () => {
    it('are given by those alone who hold them', async () => {
      const giver = await adminWith('admins:read', 'admins:write', 'users:read');
      const create = (permissions: string[] | null) => giver.post('/admin/admins', { username: uniqueName('given'), permissions });
      const { body } = await create(['users:read', 'audit:read']).expect(403);
      expect(body).toMatchObject({ code: 'admins.not-yours-to-give', permissions: ['audit:read'] });
      await create(null).expect(403);
      const { body: made } = await create(['users:read']).expect(201);
      await giver.patch(`/admin/admins/${made.id}`, { permissions: ['users:read', 'users:write'] }).expect(403);
      await giver.patch(`/admin/admins/${giver.user.id}`, { permissions: null }).expect(403);
      expect(await permissionsOf(made.id)).toEqual(['users:read']);
    });

    it('that another gave may stay, and may be taken', async () => {
      const giver = await adminWith('admins:write');
      const { body: made } = await root.post('/admin/admins', { username: uniqueName('kept'), permissions: ['users:read', 'audit:read'] }).expect(201);
      await giver.patch(`/admin/admins/${made.id}`, { permissions: ['users:read', 'audit:read'] }).expect(200);
      await giver.patch(`/admin/admins/${made.id}`, { permissions: ['audit:read'] }).expect(200);
      await giver.patch(`/admin/admins/${made.id}`, { permissions: ['users:read', 'audit:read'] }).expect(403);
    });

    it('are none for a new admin who is given none', async () => {
      const { body } = await root.post('/admin/admins', { username: uniqueName('none') }).expect(201);
      expect(body.permissions).toEqual([]);
    });
  });

  describe('the last admin who can look after admins', () => {
    let alone: Api;
    let last: SignedInCaller;
    beforeAll(async () => {
      alone = await Api.start();
      last = await alone.admin();
      await last.post('/admin/admins', { username: 'reader', permissions: ['admins:read'] }).expect(201);
    });
    afterAll(() => alone.close());

    it('can neither remove, disable nor demote itself', async () => {
      const own = `/admin/admins/${last.user.id}`;
      for (const attempt of [last.delete(own), last.patch(own, { status: 'disabled' }), last.patch(own, { permissions: ['users:read'] })]) {
        expect((await attempt.expect(409)).body.code).toBe('admins.last-manager');
      }
      await last.get('/admin/admins').expect(200);
      await last.patch(own, { permissions: ['admins:read', 'admins:write'] }).expect(200);
    });

    it('is still there after two who could have demoted, disabled or removed each other at once, twenty times', async () => {
      for (let round = 0; round < 20; round += 1) {
        const pair = [await alone.admin(), await alone.admin()] as const;
        await alone.db.update(Admin, { id: last.user.id }, { permissions: [] });
        const attack = (by: SignedInCaller, on: SignedInCaller) => {
          const path = `/admin/admins/${on.user.id}`;
          if (round % 3 === 0) return by.patch(path, { permissions: [] });
          return round % 3 === 1 ? by.patch(path, { status: 'disabled' }) : by.delete(path);
        };
        const statuses = (await Promise.all([attack(pair[0], pair[1]), attack(pair[1], pair[0])])).map(({ status }) => status);
        expect(statuses.filter((status) => status === 200)).toHaveLength(1);
        const managers = (await alone.db.find(Admin)).filter(({ manages }) => manages);
        expect(managers.map(({ id }) => id)).toEqual([pair[statuses.indexOf(200)]!.user.id]);
        await alone.db.update(Admin, { id: last.user.id }, { permissions: null });
        await alone.db.delete(Principal, { id: managers[0]!.id });
      }
    });
  });

  it('need the permissions for their kind', async () => {
    const staffCarer = await adminWith('staff:read', 'staff:write');
    await staffCarer.get('/admin/staff').expect(200);
    await staffCarer.post('/admin/staff', staffTerms()).expect(201);
    await staffCarer.get('/admin/admins').expect(403);
    await (await api.staff(StaffLevel.Lead)).get('/admin/staff').expect(401);
  });
});
