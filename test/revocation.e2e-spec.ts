import { Api, PASSWORD, type SignedInCaller } from './support/api.js';
import { ENDINGS } from './support/endings.js';

describe('what was ended is refused on the very next request', () => {
  let api: Api;
  let admin: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
  });
  afterAll(() => api.close());

  it.each(Object.keys(ENDINGS))('after the %s', async (way) => {
    const doomed = await ENDINGS[way]!(api, admin);
    expect(await doomed.probe(api.url)).toBe(200);
    await doomed.end(api.url);
    expect(await doomed.probe(api.url)).toBe(401);
  });
  it('also by a password change for whoever signs in with the old password at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ada = await api.signedIn();
      api.clock.advanceSeconds(1);
      const signIn = () => api.anyone.post('/auth/login', { login: ada.user.username, password: PASSWORD });
      const change = ada.post('/auth/password/change', { currentPassword: PASSWORD, newPassword: 'an altogether other one 8' }).expect(200);
      const [, ...signIns] = await Promise.all([change, ...Array.from({ length: 8 }, signIn)]);
      for (const { status, body } of signIns) {
        if (status === 200) await api.with(body.accessToken).get('/auth/me').expect(401);
        else expect([401, 403, 429]).toContain(status);
      }
    }
  });
});
