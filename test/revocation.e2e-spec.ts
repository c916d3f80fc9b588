import { Api, type SignedInCaller } from './support/api.js';
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
});
