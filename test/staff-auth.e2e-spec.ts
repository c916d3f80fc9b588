import { StaffLevel } from '../src/access/permission.js';
import { Admin, AdminStatus } from '../src/admin/admin.entity.js';
import { SYSTEM } from '../src/audit/audit.service.js';
import { StaffService } from '../src/staff/staff.service.js';
import { StaffMember } from '../src/staff/staff-member.entity.js';
import { StaffStatus } from '../src/staff/staff-status.js';
import { Api, PASSWORD, uniqueName } from './support/api.js';
import { outboxOf, tokenIn } from './support/smtp.js';

describe('staff sign-in', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start({ appUrl: 'https://app.example' });
  });
  afterAll(() => api.close());

  const make = async (level = StaffLevel.Viewer): Promise<{ id: string; username: string; email: string; password: string }> => {
    const username = uniqueName('hugo');
    const email = `${username}@example.org`;
    const { id, password } = await api.app.get(StaffService).create(SYSTEM, { username, email, level }, (member, given) => ({ id: member.id, password: given }));
    return { id, username, email, password };
  };

  it('lets a new staff member do nothing before the one-time password was changed', async () => {
    const { username, password } = await make();
    const { body } = await api.anyone.post('/staff/auth/login', { username, password }).expect(200);
    expect(body).toMatchObject({ mustChangePassword: true, user: { kind: 'staff', username } });
    const member = api.with(body.accessToken);
    expect((await member.get('/staff/auth/sessions').expect(403)).body.code).toBe('auth.password-change-required');
    const { body: changed } = await member.post('/staff/auth/password/change', { currentPassword: password, newPassword: PASSWORD }).expect(200);
    expect((await api.with(changed.accessToken).get('/staff/auth/me').expect(200)).body).toMatchObject({ level: 1, permissions: ['account:manage', 'users:read'] });
  });

  it('takes the username or the e-mail address, and the same names as users and admins have', async () => {
    const { username, email, password } = await make();
    await api.anyone.post('/auth/register', { username, email, password: PASSWORD }).expect(201);
    await api.anyone.post('/staff/auth/login', { login: username.toUpperCase(), password }).expect(200);
    await api.anyone.post('/staff/auth/login', { login: email.toUpperCase(), password }).expect(200);
    await api.anyone.post('/staff/auth/login', { login: email, password: PASSWORD }).expect(401);
    await expect(api.app.get(StaffService).create(SYSTEM, { username: username.toUpperCase(), email: 'other@example.org', level: 1 }, () => ({}))).rejects.toMatchObject({ code: 'staff.taken' });
    await expect(api.app.get(StaffService).create(SYSTEM, { username: uniqueName(), email: email.toUpperCase(), level: 1 }, () => ({}))).rejects.toMatchObject({ options: { violations: [{ pointer: '/email' }] } });
  });

  it('is another door than those of users and admins: tokens and refresh tokens of one are nothing at the others', async () => {
    const [lead, admin, ada] = [await api.staff(StaffLevel.Lead), await api.admin(), await api.signedIn()];
    for (const [caller, own] of [[lead, 'staff/'], [admin, 'admin/'], [ada, '']] as const) {
      for (const door of ['staff/', 'admin/', '']) {
        await caller.get(`/${door}auth/me`).expect(door === own ? 200 : 401);
        if (door !== own) await api.anyone.post(`/${door}auth/refresh`, { refreshToken: caller.refreshToken }).expect(401);
      }
    }
    for (const path of ['/users/me', '/usage', '/message-logs', '/users/me/api-keys']) {
      await lead.get(path).expect(401);
      await admin.get(path).expect(401);
    }
  });

  it('goes by the level of the row at this moment, and ends when the account is disabled', async () => {
    const lead = await api.staff(StaffLevel.Lead);
    const { id } = lead.user;
    const permissions = async (): Promise<string[]> => (await lead.get('/staff/auth/me').expect(200)).body.permissions as string[];
    expect(await permissions()).toContain('users:ban');
    await api.db.update(StaffMember, { id }, { level: StaffLevel.Agent });
    expect(await permissions()).not.toContain('users:ban');
    await api.db.update(StaffMember, { id }, { status: StaffStatus.Disabled });
    await lead.get('/staff/auth/me').expect(401);
    await api.anyone.post('/staff/auth/refresh', { refreshToken: lead.refreshToken }).expect(401);
    expect((await api.anyone.post('/staff/auth/login', { username: lead.user.username, password: PASSWORD }).expect(403)).body.code).toBe('auth.disabled');
  });

  it('goes by the permissions of an admin as they are at this moment', async () => {
    const admin = await api.admin();
    const { id } = admin.user;
    await admin.get('/admin/ip-rules').expect(200);
    await api.db.update(Admin, { id }, { permissions: ['settings:write', 'nonsense'] });
    expect((await admin.get('/admin/ip-rules').expect(403)).body).toMatchObject({ code: 'access.missing-permission', permission: 'settings:read' });
    expect((await admin.get('/admin/auth/me').expect(200)).body.permissions).toEqual(['account:manage', 'settings:write']);
    await api.db.update(Admin, { id }, { permissions: null });
    await admin.get('/admin/ip-rules').expect(200);
    await api.db.update(Admin, { id }, { status: AdminStatus.Disabled });
    await admin.get('/admin/ip-rules').expect(401);
  });

  it('has a second factor of its own', async () => {
    const agent = await api.staff(StaffLevel.Agent);
    expect((await agent.get('/staff/auth/mfa').expect(200)).body).toMatchObject({ recoveryCodesLeft: 0 });
    await agent.get('/admin/auth/mfa').expect(401);
  });
  it('confirms addresses and resets passwords by mail, at its own routes alone', async () => {
    const { username, email } = await make();
    const [mail] = await outboxOf(api, email);
    expect(mail!.text).toMatch(/https:\/\/app\.example\/verify-email\?token=[\w-]{43}&kind=staff\s/);
    const token = tokenIn([mail!]);
    expect((await api.anyone.post('/auth/email/verify', { token }).expect(400)).body.code).toBe('auth.dead-link');
    await api.anyone.post('/staff/auth/email/verify', { token }).expect(200);
    await api.anyone.post('/auth/password/forgot', { email }).expect(202);
    expect(await outboxOf(api, email)).toHaveLength(1);
    await api.anyone.post('/staff/auth/password/forgot', { email }).expect(202);
    const reset = { token: tokenIn(await outboxOf(api, email)), newPassword: PASSWORD };
    await api.anyone.post('/auth/password/reset', reset).expect(400);
    await api.anyone.post('/staff/auth/password/reset', reset).expect(200);
    const { body } = await api.anyone.post('/staff/auth/login', { username, password: PASSWORD }).expect(200);
    expect(body).not.toHaveProperty('mustChangePassword');
    expect(body.user.emailVerified).toBe(true);
  });
});
