import { AdminsService } from '../src/admin/admins.service.js';
import { Api } from './support/api.js';

describe('admin sign-in', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('lets a new admin do nothing before the one-time password was changed', async () => {
    const { password } = await api.app.get(AdminsService).create('root');
    const { body } = await api.anyone.post('/admin/auth/login', { username: 'root', password }).expect(200);
    expect(body).toMatchObject({ mustChangePassword: true, user: { kind: 'admin', username: 'root' } });
    const admin = api.with(body.accessToken);
    expect((await admin.get('/admin/auth/sessions').expect(403)).body.code).toBe('auth.password-change-required');
    const { body: changed } = await admin.post('/admin/auth/password/change', { currentPassword: password, newPassword: 'a password of my own' }).expect(200);
    expect(changed).not.toHaveProperty('mustChangePassword');
    await api.with(changed.accessToken).get('/admin/auth/sessions').expect(200);
  });

  it('is another door than that of users: names, tokens and refresh tokens of one are nothing at the other', async () => {
    const { password } = await api.app.get(AdminsService).create('warden');
    await api.anyone.post('/auth/login', { login: 'warden', password }).expect(401);
    const ada = await api.signedIn();
    await api.anyone.post('/admin/auth/refresh', { refreshToken: ada.refreshToken }).expect(401);
    await ada.get('/admin/auth/me').expect(401);
    await ada.get('/auth/me').expect(200);
    const { body } = await api.anyone.post('/admin/auth/login', { username: 'warden', password }).expect(200);
    await api.with(body.accessToken).get('/auth/me').expect(401);
    await api.with(body.accessToken).get('/users/me').expect(401);
  });

  it('makes the first admin once, however many instances start', async () => {
    const fresh = await Api.start({ firstAdmin: true, adminPassword: 'set by the environment' });
    await fresh.anyone.post('/admin/auth/login', { username: 'admin', password: 'set by the environment' }).expect(200);
    await expect(fresh.app.get(AdminsService).create('ADMIN')).rejects.toThrow('already an admin');
    await fresh.close();
  });
});
