import { Permission } from '../src/access/permission.js';
import { AdminsService } from '../src/admin/admins.service.js';
import { Api, PASSWORD } from './support/api.js';
import { AuthenticatorApp } from './support/authenticator-app.js';

describe('a second factor that is required of admins', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start({ mfaRequiredFor: ['admin'] });
  });
  afterAll(() => api.close());

  const adminLogin = async (login: string, password = PASSWORD) => (await api.anyone.post('/admin/auth/login', { login, password }).expect(200)).body;
  const newAdmin = async (username: string) => {
    const { password } = await api.app.get(AdminsService).create(username);
    const { accessToken } = await adminLogin(username, password);
    return (await api.with(accessToken).post('/admin/auth/password/change', { currentPassword: password, newPassword: PASSWORD }).expect(200)).body;
  };

  it('comes after the change of the one-time password', async () => {
    const { password } = await api.app.get(AdminsService).create('first-things');
    const first = await adminLogin('first-things', password);
    expect(first).toMatchObject({ pending: 'password-change', mustChangePassword: true });
    expect((await api.with(first.accessToken).post('/admin/auth/mfa/totp', { password }).expect(403)).body.code).toBe('auth.password-change-required');
    const { body } = await api.with(first.accessToken).post('/admin/auth/password/change', { currentPassword: password, newPassword: PASSWORD }).expect(200);
    expect(body).toMatchObject({ pending: 'mfa-enrolment' });
    expect(body).not.toHaveProperty('mustChangePassword');
  });

  it('allows shorter passwords to them, and to nobody else', async () => {
    const { password } = await api.app.get(AdminsService).create('short-one');
    const { accessToken } = await adminLogin('short-one', password);
    const change = (newPassword: string) => api.with(accessToken).post('/admin/auth/password/change', { currentPassword: password, newPassword });
    expect((await change('k7#Qz!p').expect(400)).body.violations[0]).toMatchObject({ code: 'too-short', detail: expect.stringContaining('8') });
    await change('k7#Qz!p2').expect(200);
    const user = await api.signedIn();
    await user.post('/auth/password/change', { currentPassword: PASSWORD, newPassword: 'k7#Qz!p2' }).expect(400);
  });

  it('lets an admin without one do nothing but set it up', async () => {
    const { accessToken, refreshToken } = await newAdmin('bare');
    const admin = api.with(accessToken);
    const refused = [admin.get('/admin/auth/sessions'), admin.delete('/admin/auth/sessions'), admin.post('/admin/auth/password/change', { currentPassword: PASSWORD, newPassword: 'another battery staple 9' }), admin.delete('/admin/auth/mfa/totp', { code: '123456' }), admin.post('/admin/auth/mfa/recovery-codes', { code: '123456' })];
    for (const request of refused) expect((await request.expect(403)).body.code).toBe('auth.mfa-enrolment-required');
    await admin.get('/admin/auth/me').expect(200);
    expect((await admin.get('/admin/auth/mfa').expect(200)).body).toMatchObject({ totp: { active: false }, required: true });
    const { body: refreshed } = await api.anyone.post('/admin/auth/refresh', { refreshToken }).expect(200);
    expect(refreshed.pending).toBe('mfa-enrolment');
    await api.with(refreshed.accessToken).get('/admin/auth/sessions').expect(403);
  });

  it('lets the same session go on once it is set up and refreshed', async () => {
    const { accessToken, refreshToken } = await newAdmin('dutiful');
    await AuthenticatorApp.enrol(api, api.with(accessToken), PASSWORD, '/admin/auth');
    const { body } = await api.anyone.post('/admin/auth/refresh', { refreshToken }).expect(200);
    expect(body).not.toHaveProperty('pending');
    await api.with(body.accessToken).get('/admin/auth/sessions').expect(200);
  });

  it('cannot be removed, whatever code is brought', async () => {
    const { accessToken } = await newAdmin('wavering');
    const app = await AuthenticatorApp.enrol(api, api.with(accessToken), PASSWORD, '/admin/auth');
    const { mfaToken } = await adminLogin('wavering');
    const { body } = await api.anyone.post('/admin/auth/login/mfa', { mfaToken, code: app.code() }).expect(200);
    const admin = api.with(body.accessToken);
    api.clock.advanceSeconds(30);
    for (const code of [app.code(), app.recoveryCodes[0]!]) expect((await admin.delete('/admin/auth/mfa/totp', { code }).expect(403)).body.code).toBe('auth.mfa-required');
    expect((await admin.get('/admin/auth/mfa').expect(200)).body).toMatchObject({ totp: { active: true }, recoveryCodesLeft: 10 });
    await admin.post('/admin/auth/mfa/recovery-codes', { code: app.code() }).expect(200);
  });

  it('makes a token inactive for other services that ask about it', async () => {
    const { accessToken, refreshToken } = await newAdmin('asked-about');
    const service = await api.serviceKey(Permission.Verify);
    expect((await service.post('/auth/verify', { token: accessToken }).expect(200)).body).toEqual({ active: false, reason: 'auth.mfa-enrolment-required' });
    await AuthenticatorApp.enrol(api, api.with(accessToken), PASSWORD, '/admin/auth');
    const { body } = await api.anyone.post('/admin/auth/refresh', { refreshToken }).expect(200);
    expect((await service.post('/auth/verify', { token: body.accessToken }).expect(200)).body.active).toBe(true);
  });

  it('is nothing to users, of whom it is not required', async () => {
    const ada = await api.signedIn();
    await ada.get('/auth/sessions').expect(200);
    expect((await ada.get('/auth/mfa').expect(200)).body.required).toBe(false);
  });
});
