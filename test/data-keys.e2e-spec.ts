import { MessageText } from '../src/message-logs/message-log.entity.js';
import { DataKey } from '../src/users/data-key.entity.js';
import { DataKeys } from '../src/users/data-keys.js';
import { Api, type SignedInCaller } from './support/api.js';
import { BuiltService } from './support/built.js';
import { FixedClock } from './support/fixed-clock.js';
import { ownMsUntil } from './support/own-time.js';

const messages = [{ role: 'user', content: 'for nobody else' }];
const ISSUER = 'https://provost.example';
const PATIENCE_MS = 60_000;

describe('text of a user whose key was erased', () => {
  let api: Api;
  let service: BuiltService;
  beforeAll(async () => {
    api = await Api.start({ publicUrl: ISSUER }, new FixedClock(Date.now()));
    const { dataDir, databaseUrl } = api.settings;
    const environment = { DATA_DIR: dataDir, DATABASE_URL: databaseUrl ?? '', JOBS_ENABLED: 'false', FIRST_ADMIN: 'false', PUBLIC_URL: ISSUER };
    service = await BuiltService.start(environment);
    api.clock.set(new Date().toISOString());
  }, PATIENCE_MS);
  afterAll(async () => {
    await service?.stop();
    await api.close();
  });

  const erase = ({ user }: SignedInCaller): Promise<void> => api.db.transaction((tx) => api.app.get(DataKeys).erase(tx, user.id));
  const post = (ada: SignedInCaller, id: string): Promise<unknown> => ada.post('/message-logs', { id, model: 'm', messages }).expect(202).then();
  const elsewhere = async ({ accessToken }: SignedInCaller, id: string): Promise<{ status: number; messages: unknown }> => {
    const answer = await fetch(`${service.url}/api/v1/message-logs/${id}`, { headers: { authorization: `Bearer ${accessToken}` } });
    return { status: answer.status, messages: ((await answer.json()) as { messages: unknown }).messages };
  };

  it('is gone at once here and within 2 seconds in a process that had the key in memory', async () => {
    const ada = await api.signedIn();
    await post(ada, 'one');
    expect(await elsewhere(ada, 'one')).toEqual({ status: 200, messages });
    await erase(ada);
    const forgotten = ownMsUntil(async () => (await elsewhere(ada, 'one')).messages === null);
    expect((await ada.get('/message-logs/one').expect(200)).body.messages).toBeNull();
    process.stdout.write(`An erased key was forgotten by another process after ${Math.round(await forgotten)} ms.\n`);
    expect(await forgotten).toBeLessThan(2000);
    expect(await elsewhere(ada, 'one')).toEqual({ status: 200, messages: null });
  }, PATIENCE_MS);

  it('stays gone when the user gets a new key, under which new text reads', async () => {
    const ada = await api.signedIn();
    await post(ada, 'old');
    await erase(ada);
    api.clock.set(new Date().toISOString());
    await post(ada, 'new');
    const { body } = await ada.get('/message-logs?include=messages').expect(200);
    const texts = Object.fromEntries((body.data as { id: string; messages: unknown }[]).map((log) => [log.id, log.messages]));
    expect(texts).toEqual({ old: null, new: messages });
    await ada.get('/message-logs/old').expect(200);
  }, PATIENCE_MS);

  it('is not in the database in any form that a key opens: its ciphertext remains, and no key of it', async () => {
    const ada = await api.signedIn();
    await post(ada, 'left');
    const before = await api.db.countBy(DataKey, { userId: ada.user.id });
    await erase(ada);
    expect([before, await api.db.countBy(DataKey, { userId: ada.user.id })]).toEqual([1, 0]);
    const texts = await api.db.find(MessageText);
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.every(({ sealed }) => !Buffer.from(sealed).includes('for nobody else'))).toBe(true);
  }, PATIENCE_MS);

  it('does not come back through readers that were under way while the key was erased', async () => {
    const ada = await api.signedIn();
    await post(ada, 'busy');
    const keys = api.app.get(DataKeys);
    api.clock.advanceSeconds(61);
    await Promise.all([erase(ada), ...Array.from({ length: 20 }, () => keys.find(ada.user.id))]);
    expect(keys.atHand(ada.user.id)).toBeUndefined();
    expect(await keys.find(ada.user.id)).toBeUndefined();
  }, PATIENCE_MS);
});
