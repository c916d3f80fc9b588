import { Permission } from '../src/access/permission.js';
import { MessageLogRetention } from '../src/message-logs/retention/message-log-retention.js';
import { MessageLog, MessageLogKey, MessageText } from '../src/message-logs/message-log.entity.js';
import { Metrics } from '../src/platform/health/metrics.js';
import { newId } from '../src/platform/ids/ids.js';
import { DataKey } from '../src/users/data-key.entity.js';
import { DataKeys } from '../src/users/data-keys.js';
import { Api, type Caller } from './support/api.js';
import { realConversations } from './support/conversations.js';

const hello = [{ role: 'user', content: 'Hello?' }];
const log = (fields: object = {}): object => ({ model: 'llama-3-8b', messages: hello, ...fields });
const UNKNOWN = '0190f3f3-0000-7000-8000-000000000000';

describe('message logs', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('are read back as they were posted', async () => {
    const ada = await api.signedIn();
    const posted = {
      id: 'chat/1 ü'.replace(' ', '-'), conversationId: 'thesis, part 2', model: 'llama-3-8b',
      messages: [{ role: 'system', content: '' }, { role: 'user', content: 'line\nline\t\u0000 "ü" 👩‍🔬 \u2028 \ud800 end ' }, { role: 'assistant', content: '𝔘'.repeat(3000) }],
      promptTokens: 0, completionTokens: 1_000_000_000, latencyMs: 12, metadata: { temperature: 0.7, tags: ['a', { b: null }] }, createdAt: '2026-02-28T23:59:59.123+02:00',
    };
    const { body } = await ada.post('/message-logs', posted).expect(202);
    expect(body).toEqual({ accepted: 1, duplicates: 0, rejected: [], ids: [posted.id] });
    const read = await ada.get(`/message-logs/${encodeURIComponent(posted.id)}`).expect(200);
    expect(read.body).toEqual({ ...posted, userId: ada.user.id, messageCount: 3, createdAt: '2026-02-28T21:59:59.123Z' });
  });

  it('get an id and a time where the application gives none', async () => {
    const ada = await api.signedIn();
    const { body } = await ada.post('/message-logs', log()).expect(202);
    expect(body.ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    const read = await ada.get(`/message-logs/${body.ids[0]}`).expect(200);
    expect(read.body).toMatchObject({ id: body.ids[0], createdAt: api.clock.now().toISOString(), metadata: null, promptTokens: null, messages: hello });
  });

  it('with an id that was there before are duplicates and change nothing, within a request and between requests', async () => {
    const ada = await api.signedIn();
    const { body } = await ada.post('/message-logs', { items: [log({ id: 'a' }), log({ id: 'b' }), log({ id: 'a', model: 'other' }), log()] }).expect(202);
    expect(body).toMatchObject({ accepted: 3, duplicates: 1, rejected: [] });
    const again = await ada.post('/message-logs', { items: [log({ id: 'c' }), log({ id: 'b', model: 'other' })] }).expect(202);
    expect(again.body).toEqual({ accepted: 1, duplicates: 1, rejected: [], ids: ['c', 'b'] });
    expect((await ada.get('/message-logs/a')).body.model).toBe('llama-3-8b');
    expect((await ada.get('/message-logs/b')).body.model).toBe('llama-3-8b');
    expect((await ada.get('/message-logs').expect(200)).body.data).toHaveLength(4);
  });

  it('of different users may have the same id', async () => {
    const [ada, eve] = [await api.signedIn(), await api.signedIn()];
    await ada.post('/message-logs', log({ id: 'same' })).expect(202);
    const { body } = await eve.post('/message-logs', log({ id: 'same', model: 'hers' })).expect(202);
    expect(body.accepted).toBe(1);
    expect((await ada.get('/message-logs/same')).body.model).toBe('llama-3-8b');
    expect((await eve.get('/message-logs/same')).body.model).toBe('hers');
  });

  it('posted by twenty at once under one id are stored once', async () => {
    const ada = await api.signedIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ada.post('/message-logs', { items: [log({ id: 'one' }), log({ id: 'two' })] }).expect(202)));
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(2);
    expect(await api.db.countBy(MessageLog, { userId: ada.user.id })).toBe(2);
    expect(await api.db.countBy(MessageLogKey, { userId: ada.user.id })).toBe(2);
  });

  it('in a batch are taken one by one: the bad are reported, the good are stored', async () => {
    const ada = await api.signedIn();
    const items = [log({ id: 'good-1' }), log({ model: 7 }), 'text', log({ userId: UNKNOWN }), log({ colour: 'red' }), log({ id: 'good-2' })];
    const { body } = await ada.post('/message-logs', { items }).expect(202);
    expect(body).toMatchObject({ accepted: 2, duplicates: 0, ids: ['good-1', null, null, null, null, 'good-2'] });
    expect(body.rejected.map(({ index, problem }: { index: number; problem: { status: number } }) => [index, problem.status])).toEqual([[1, 400], [2, 400], [3, 403], [4, 400]]);
    expect(body.rejected[3].problem).toMatchObject({ code: 'validation.failed', violations: [{ pointer: '/items/4/colour', code: 'unknown-field' }] });
    expect((await ada.get('/message-logs')).body.data).toHaveLength(2);
  });

  it.each([
    ['nothing', {}, 'model'],
    ['no messages', log({ messages: [] }), 'messages'],
    ['a message without text', log({ messages: [{ role: 'user' }] }), 'messages/0/content'],
    ['a strange role', log({ messages: [...hello, { role: 'root', content: '' }] }), 'messages/1/role'],
    ['a strange field of a message', log({ messages: [{ role: 'user', content: '', 'a/b': 1 }] }), 'messages/0/a~1b'],
    ['too many messages', log({ messages: Array.from({ length: 1001 }, () => hello[0]) }), 'messages'],
    ['an empty id', log({ id: '' }), 'id'],
    ['an id with a blank', log({ id: 'a b' }), 'id'],
    ['an id too long', log({ id: 'x'.repeat(129) }), 'id'],
    ['an id with half a character', log({ id: 'x\ud800' }), 'id'],
    ['an id that is a number', log({ id: 7 }), 'id'],
    ['a model with a control character', log({ model: 'a\u0007' }), 'model'],
    ['a conversation too long', log({ conversationId: 'x'.repeat(129) }), 'conversationId'],
    ['negative tokens', log({ promptTokens: -1 }), 'promptTokens'],
    ['broken tokens', log({ completionTokens: 1.5 }), 'completionTokens'],
    ['a huge latency', log({ latencyMs: 1e10 }), 'latencyMs'],
    ['metadata that is a list', log({ metadata: [] }), 'metadata'],
    ['too much metadata', log({ metadata: { a: 'ü'.repeat(9000) } }), 'metadata'],
    ['a time that does not exist', log({ createdAt: '2026-02-30T00:00:00Z' }), 'createdAt'],
    ['a time without a zone', log({ createdAt: '2026-02-03T00:00:00' }), 'createdAt'],
    ['a time in the future', log({ createdAt: '2030-01-01T00:00:00Z' }), 'createdAt'],
    ['a time before computers', log({ createdAt: '1066-10-14T00:00:00Z' }), 'createdAt'],
    ['an unknown field', log({ colour: 'red' }), 'colour'],
    ['no items', { items: [] }, 'items'],
    ['too many items', { items: Array.from({ length: 501 }, () => log()) }, 'items'],
    ['items that are no list', { items: {} }, 'items'],
    ['a field beside items', { items: [log()], model: 'x' }, 'model'],
  ])('with %s are refused, and the answer names the field', async (_, body, field) => {
    const ada = await api.signedIn();
    const answer = await ada.post('/message-logs', body).expect(400);
    expect(Object.keys(answer.body.errors)).toContain(field);
  });

  it('nested deeper than JSON can be written are refused, not a fault', async () => {
    const ada = await api.signedIn();
    const deep = `{"model":"m","messages":[{"role":"user","content":""}],"metadata":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
    await ada.post('/message-logs').set('content-type', 'application/json').send(deep).expect(400);
  });

  it('that are no JSON object are refused', async () => {
    const ada = await api.signedIn();
    for (const body of ['7', '"text"', '[]', 'null', '']) await ada.post('/message-logs').set('content-type', 'application/json').send(body).expect(400);
  });

  it('are listed newest first without text, page by page, and with it on demand', async () => {
    const ada = await api.signedIn();
    const items = Array.from({ length: 25 }, (_, index) => log({ id: `n${index}`, createdAt: `2026-01-01T00:00:${String(Math.floor(index / 2)).padStart(2, '0')}Z` }));
    await ada.post('/message-logs', { items }).expect(202);
    const { body: first } = await ada.get('/message-logs?limit=10').expect(200);
    expect(first.data).toHaveLength(10);
    expect(first.data[0]).not.toHaveProperty('messages');
    const seen = [...first.data];
    for (let cursor = first.nextCursor; cursor; ) {
      const { body } = await ada.get(`/message-logs?limit=10&include=messages&cursor=${cursor}`).expect(200);
      expect(body.data[0].messages).toEqual(hello);
      seen.push(...body.data);
      cursor = body.nextCursor;
    }
    expect(seen.map(({ id }) => id).sort()).toEqual(items.map((item) => (item as { id: string }).id).sort());
    expect(seen.map(({ createdAt }) => createdAt)).toEqual(seen.map(({ createdAt }) => createdAt).sort().reverse());
  });

  it('are found by conversation, model and time', async () => {
    const ada = await api.signedIn();
    const at = (day: number): object => ({ createdAt: `2026-02-0${day}T00:00:00Z` });
    await ada.post('/message-logs', { items: [log({ id: 'a', conversationId: 'x', ...at(1) }), log({ id: 'b', conversationId: 'x', model: 'm2', ...at(2) }), log({ id: 'c', ...at(3) })] }).expect(202);
    const ids = async (query: string): Promise<string[]> => (await ada.get(`/message-logs?${query}`).expect(200)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids('conversationId=x')).toEqual(['b', 'a']);
    expect(await ids('conversationId=x&model=m2')).toEqual(['b']);
    expect(await ids('from=2026-02-02T00:00:00Z&to=2026-02-03T00:00:00Z')).toEqual(['b']);
    expect(await ids('sort=createdAt&model=')).toEqual(['a', 'b', 'c']);
    for (const bad of ['from=yesterday', 'limit=0', 'limit=101', 'sort=model', 'cursor=junk', 'include=all', 'colour=red']) await ada.get(`/message-logs?${bad}`).expect(400);
  });

  it('of somebody else are not there: the same answer as for an unknown id', async () => {
    const [ada, eve] = [await api.signedIn(), await api.signedIn()];
    const { body } = await ada.post('/message-logs', { items: [log({ id: 'secret' }), log()] }).expect(202);
    for (const id of [...body.ids, 'unknown', UNKNOWN, '%00', "'"]) {
      const answer = await eve.get(`/message-logs/${id}`).expect(404);
      expect(answer.body).toMatchObject({ code: 'message-log.not-found', detail: 'There is no such message log.' });
    }
    expect((await eve.get('/message-logs').expect(200)).body.data).toEqual([]);
    await eve.get(`/message-logs?userId=${ada.user.id}`).expect(403);
    await eve.get(`/message-logs/secret?userId=${ada.user.id}`).expect(403);
    await eve.post('/message-logs', log({ userId: ada.user.id })).expect(403);
  });

  it('may be posted and read by a service key for the users it names, within its scopes', async () => {
    const [ada, eve] = [await api.signedIn(), await api.signedIn()];
    const service = await api.serviceKey(Permission.MessagesWrite, Permission.MessagesRead);
    const items = [log({ id: 'of-ada', userId: ada.user.id }), log({ id: 'of-eve', userId: eve.user.id }), log(), log({ userId: UNKNOWN }), log({ userId: 'nobody' })];
    const { body } = await service.post('/message-logs', { items }).expect(202);
    expect(body).toMatchObject({ accepted: 2, ids: ['of-ada', 'of-eve', null, null, null] });
    expect(body.rejected.map(({ problem }: { problem: { code: string } }) => problem.code)).toEqual(['validation.failed', 'user.not-found', 'user.not-found']);
    await ada.get('/message-logs/of-ada').expect(200);
    expect((await service.get(`/message-logs?userId=${ada.user.id}`).expect(200)).body.data.map(({ id }: { id: string }) => id)).toEqual(['of-ada']);
    await service.get(`/message-logs/of-eve?userId=${eve.user.id}`).expect(200);
    await service.get(`/message-logs/of-eve?userId=${ada.user.id}`).expect(404);
    await service.get('/message-logs').expect(400);
    const writer = await api.serviceKey(Permission.MessagesWrite);
    await writer.get(`/message-logs?userId=${ada.user.id}`).expect(403);
    const reader = await api.serviceKey(Permission.MessagesRead);
    await reader.post('/message-logs', log({ userId: ada.user.id })).expect(403);
  });

  it('repeated under the same Idempotency-Key are duplicates; another body is a conflict', async () => {
    const [ada, eve] = [await api.signedIn(), await api.signedIn()];
    const post = (who: Caller, body: object) => who.post('/message-logs', body).set('idempotency-key', 'retry-1');
    const first = await post(ada, { items: [log(), log({ model: 'second' })] }).expect(202);
    const second = await post(ada, { items: [log(), log({ model: 'second' })] }).expect(202);
    expect(second.body).toEqual({ ...first.body, accepted: 0, duplicates: 2 });
    await post(ada, { items: [log({ messages: [{ role: 'user', content: 'Something else' }] })] }).expect(409);
    expect((await post(eve, log()).expect(202)).body.accepted).toBe(1);
    await ada.post('/message-logs', log()).set('idempotency-key', 'x'.repeat(256)).expect(400);
  });

  it('lie encrypted in the database, under a key of their user', async () => {
    const ada = await api.signedIn();
    const secret = 'the recipe of the crust';
    await ada.post('/message-logs', log({ id: 's', messages: [{ role: 'user', content: secret }] })).expect(202);
    const { logId } = await api.db.findOneByOrFail(MessageLogKey, { userId: ada.user.id, clientId: 's' });
    const text = await api.db.findOneByOrFail(MessageText, { id: logId });
    expect(Buffer.from(text.sealed).includes(secret)).toBe(false);
    // Without the key nothing opens it.
    await api.db.transaction((tx) => api.app.get(DataKeys).erase(tx, ada.user.id));
    expect((await ada.get('/message-logs/s').expect(200)).body.messages).toBeNull();
  });

  it('cannot be passed off as another: text moved between rows does not open', async () => {
    const ada = await api.signedIn();
    await ada.post('/message-logs', { items: [log({ id: 'x' }), log({ id: 'y' })] }).expect(202);
    const [x, y] = await Promise.all(['x', 'y'].map((clientId) => api.db.findOneByOrFail(MessageLogKey, { userId: ada.user.id, clientId })));
    const { sealed } = await api.db.findOneByOrFail(MessageText, { id: x!.logId });
    await api.db.update(MessageText, { id: y!.logId }, { sealed: Buffer.from(sealed) });
    await ada.get('/message-logs/y').expect(500);
    await ada.get('/message-logs/x').expect(200);
  });

  it('make one key for a user however many come at once', async () => {
    const ada = await api.signedIn();
    await Promise.all(Array.from({ length: 20 }, (_, index) => ada.post('/message-logs', log({ id: `k${index}` })).expect(202)));
    expect(await api.db.countBy(DataKey, { userId: ada.user.id })).toBe(1);
    for (const { messages } of (await ada.get('/message-logs?include=messages').expect(200)).body.data) expect(messages).toEqual(hello);
  });

  it('are counted: what was accepted, what was a duplicate, and none lost', async () => {
    const ada = await api.signedIn();
    await ada.post('/message-logs', { items: [log({ id: 'm' }), log({ id: 'm' })] }).expect(202);
    const metrics = await api.app.get(Metrics).registry.metrics();
    expect(metrics).toMatch(/provost_message_logs_total\{outcome="accepted"\} [1-9]/);
    expect(metrics).toMatch(/provost_message_logs_total\{outcome="duplicate"\} [1-9]/);
    expect(metrics).toMatch(/provost_message_logs_total\{outcome="lost"\} 0\n/);
    for (const gauge of ['waiting', 'waiting_bytes', 'oldest_waiting_seconds', 'spooled', 'oldest_spooled_seconds']) expect(metrics).toContain(`provost_message_logs_${gauge} 0\n`);
  });

  it('of 430 real conversations come back word for word', async () => {
    const conversations = realConversations();
    const ada = await api.signedIn();
    for (let start = 0; start < conversations.length; start += 100) {
      await ada.post('/message-logs', { items: conversations.slice(start, start + 100) }).expect(202).expect(({ body }) => expect(body.rejected).toEqual([]));
    }
    for (const { id, messages } of conversations) expect((await ada.get(`/message-logs/${encodeURIComponent(id)}`).expect(200)).body.messages).toEqual(messages);
  });
});

describe('too many message logs at once', () => {
  it('are refused with Retry-After, and none taken, when more bytes wait than are allowed', async () => {
    const small = await Api.start({ intakeMemoryBytes: 1024 * 1024, bodyLimitBytes: 4 * 1024 * 1024 });
    const ada = await small.signedIn();
    const big = { items: Array.from({ length: 3 }, (_, index) => log({ id: `big-${index}`, messages: [{ role: 'user', content: 'x'.repeat(500_000) }] })) };
    const { body } = await ada.post('/message-logs', big).expect(503).expect('retry-after', '1');
    expect(body.code).toBe('message-logs.intake-full');
    expect((await ada.get('/message-logs')).body.data).toEqual([]);
    await ada.post('/message-logs', { items: big.items.slice(0, 1) }).expect(202);
    await small.close();
  });
});

describe('old message logs', () => {
  const DAY = 86_400_000;
  // Ids know the real time, so the clock of this test begins there.
  const now = parseInt(newId().replace('-', '').slice(0, 12), 16);

  it('lose their text after MESSAGE_TEXT_DAYS and go after MESSAGE_LOG_DAYS, with their ids', async () => {
    const api = await Api.start({ messageTextDays: 30, messageLogDays: 60 });
    const retention = api.app.get(MessageLogRetention);
    api.clock.set(new Date(now).toISOString());
    await retention.run();
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    await key.post('/message-logs', { items: [log({ id: 'old' }), log()] }).expect(202);

    api.clock.set(new Date(now + 29 * DAY).toISOString());
    await retention.run();
    expect((await key.get('/message-logs/old').expect(200)).body.messages).toEqual(hello);

    api.clock.set(new Date(now + 32 * DAY).toISOString());
    await retention.run();
    expect((await key.get('/message-logs/old').expect(200)).body).toMatchObject({ messages: null, model: 'llama-3-8b' });
    await key.post('/message-logs', log({ id: 'old' })).expect(202).expect(({ body }) => expect(body.duplicates).toBe(1));

    api.clock.set(new Date(now + 63 * DAY).toISOString());
    const report = await retention.run();
    expect(report.message_log_keys_deleted).toBe(1);
    await key.get('/message-logs/old').expect(404);
    expect(await api.db.count(MessageLog)).toBe(0);
    await api.close();
  });

  it('stay for good when nothing is set', async () => {
    const api = await Api.start();
    const ada = await api.withKey(await api.signedIn());
    await ada.post('/message-logs', log({ id: 'kept' })).expect(202);
    api.clock.set('2090-01-01T00:00:00Z');
    const report = await api.app.get(MessageLogRetention).run();
    expect(report.message_log_keys_deleted).toBe(0);
    expect((await ada.get('/message-logs/kept').expect(200)).body.messages).toEqual(hello);
    await api.close();
  });
});
