import { Permission } from '../src/access/permission.js';
import { ApiKey } from '../src/api-keys/api-key.entity.js';
import { Api } from './support/api.js';

describe('service keys that are remembered for a moment', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('are dead here within two seconds of being ended by another process', async () => {
    const service = await api.serviceKey(Permission.Verify);
    const ask = async (): Promise<number> => (await service.post('/auth/verify', { apiKey: 'junk' })).status;
    expect(await ask()).toBe(200);
    await api.db.delete(ApiKey, { id: service.keyId });
    const ended = performance.now();
    // What counts is when a request was sent: its answer may be a while on its way.
    for (let asked = ended; (await ask()) === 200; asked = performance.now()) expect(asked - ended).toBeLessThan(2000);
    expect(await ask()).toBe(401);
  });
});
