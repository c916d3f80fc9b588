import { Api } from './support/api.js';

describe('operations', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('says that it lives, is ready and has a database, without credentials', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/health/db']) {
      const { body } = await api.anyone.get(path).expect(200);
      expect(body).toMatchObject({ status: 'ok' });
    }
  });

  it('answers an unknown route with a problem that names no internals', async () => {
    const { body } = await api.anyone.get('/nowhere').expect(404).expect('content-type', /application\/problem\+json/);
    expect(body).toMatchObject({ status: 404, code: 'route.not-found', instance: '/api/v1/nowhere' });
  });

  it('answers without credentials with 401 and a challenge', async () => {
    const { body } = await api.anyone.get('/users/me').expect(401).expect('www-authenticate', /Bearer/);
    expect(body).toMatchObject({ code: 'auth.required' });
  });
});
