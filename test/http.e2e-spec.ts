import { jest } from '@jest/globals';
import { connect } from 'node:net';
import { newId } from '../src/platform/ids/ids.js';
import { UserNote } from '../src/staff/notes/user-note.entity.js';
import { Plan } from '../src/usage/plan.entity.js';
import { UsersService } from '../src/users/users.service.js';
import { Api } from './support/api.js';
import { until } from './support/until.js';

describe('http', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start({ bodyLimitBytes: 2048, corsOrigins: ['https://app.example.org'] });
  });
  afterAll(() => api.close());

  const raw = (path: string, init: RequestInit) => fetch(`${api.url}/api/v1${path}`, init);
  const json = { 'content-type': 'application/json' };

  it.each([
    ['malformed JSON', '{"login":', json, 400, 'request.malformed-json'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), json, 400, 'request.malformed-encoding'],
    ['an oversized body', `{"login":"${'x'.repeat(3000)}"}`, json, 413, 'request.too-large'],
    ['a form', 'login=ada', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'request.unsupported-media-type'],
    ['text that merely mentions JSON', '{}', { 'content-type': 'text/plain; application/json' }, 415, 'request.unsupported-media-type'],
    ['a list where an object is wanted', '[]', json, 400, 'validation.failed'],
    ['a bare value', '"ada"', json, 400, 'validation.failed'],
    ['no body', undefined, json, 400, 'validation.failed'],
    ['a body that reaches for the prototype', '{"__proto__":{"admin":true},"login":"a","password":"b"}', json, 400, 'request.malformed-json'],
  ])('answers %s with a problem', async (_, body, headers, status, code) => {
    const answer = await raw('/auth/login', { method: 'POST', body, headers: headers });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, code, instance: '/api/v1/auth/login', message: problem.detail });
    expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it('answers bytes that are no HTTP with a problem and closes', async () => {
    const { hostname, port } = new URL(api.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write('this is not HTTP\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk))).on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\ncontent-type: application\/problem\+json/);
  });

  it('echoes a request id that is fit for logs and makes one otherwise', async () => {
    await api.anyone.get('/health/live').set('x-request-id', 'trace-42').expect('x-request-id', 'trace-42');
    const { headers } = await api.anyone.get('/health/live').set('x-request-id', 'a b"c').expect(200);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['/api/v1/%61uth/me', '/api/v1//auth/me', '//api/v1/auth/me', '/api/v1/auth/me/', '/API/v1/auth/me', '/api/v1/auth/me%00', '/api/v1/./auth/me', '/api/v1/auth/me;x=1', '/%E0%A4%A'])(
    'stays closed however the path is spelled: %s',
    async (path) => {
      for (const method of ['GET', 'HEAD']) {
        const { hostname, port } = new URL(api.url);
        const status = await new Promise<string>((resolve) => {
          const socket = connect(Number(port), hostname, () => socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`));
          let text = '';
          socket.on('data', (chunk) => (text += String(chunk))).on('close', () => resolve(text.slice(9, 12)));
        });
        expect(['400', '401', '404']).toContain(status);
      }
    },
  );

  it('takes DELETE with a JSON content type and no body', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    const answer = await raw(`/users/me/api-keys/${key.keyId}`, { method: 'DELETE', headers: { ...json, authorization: `Bearer ${ada.accessToken}` } });
    expect([answer.status, await answer.json()]).toEqual([200, { id: key.keyId }]);
  });

  it('lets browsers of the allowed origins call with every method, and no others', async () => {
    const preflight = (origin: string) =>
      raw('/users/me', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'authorization' } });
    const allowed = await preflight('https://app.example.org');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    expect(allowed.headers.get('access-control-allow-methods')).toMatch(/PATCH.*DELETE/);
    expect((await preflight('https://evil.example.org')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers what a key of the database refuses with a conflict that says nothing of the database', async () => {
    const ada = await api.signedIn();
    const users = api.app.get(UsersService);
    const [known] = await api.db.find(Plan, { take: 1 });
    const refused = {
      foreign: () => api.db.insert(UserNote, { id: newId(), userId: newId(), text: 'a secret', authorId: newId(), authorName: 'hugo', createdAt: api.clock.now() }),
      unique: () => api.db.insert(Plan, { ...known!, id: newId(), features: () => "'{}'" }),
    };
    for (const write of Object.values(refused)) {
      const found = jest.spyOn(users, 'get').mockImplementationOnce(() => write() as never);
      const { body } = await ada.get('/users/me').expect(409);
      found.mockRestore();
      expect(body).toMatchObject({ code: 'request.overtaken', status: 409 });
      expect(JSON.stringify(body)).not.toMatch(/constraint|foreign|sqlite|duplicate|insert|user_notes|plans|secret/i);
    }
  });

  it('refuses ids that are none before asking the database', async () => {
    const ada = await api.signedIn();
    for (const id of ['1', "'; DROP TABLE users", '..%2f..', 'x'.repeat(199)]) {
      const { status } = await ada.get(`/users/me/api-keys/${encodeURIComponent(id)}`);
      expect([400, 404]).toContain(status);
    }
    await ada.get(`/users/me/api-keys/${'x'.repeat(300)}`).expect((answer) => expect([400, 404]).toContain(answer.status));
  });
});

describe('a file that is refused before its end', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('is answered once, and its connection ended soon: the next request would wait behind the rest of it', async () => {
    const { credential } = await api.signedIn();
    const file = drip(api.url, '/study/import/exercises', 'text/csv', `no such column\n${'1\n'.repeat(10_000_000)}`, credential);
    file.hurry();
    expect((await file.ended).match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 422']);
    // Less than the 30 of REQUEST_TIMEOUT_SECONDS, after which all connections end on which nothing more is read.
  }, 20_000);
});

describe('requests that arrive slowly', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start({ requestTimeoutSeconds: 1 });
  });
  afterAll(() => api.close());

  it('are cut off, also when they were answered before, while a file goes on arriving', async () => {
    const user = await api.signedIn();
    const { text } = await user.get('/study/export/exercises').expect(200);
    const long = 'x'.repeat(1000);
    const file = drip(api.url, '/study/import/exercises', 'text/csv', text, user.credential);
    const [json, refused] = [drip(api.url, '/auth/login', 'application/json', `{"login":"${long}"}`), drip(api.url, '/study/import/exercises', 'text/csv', long)];
    expect(await json.ended).toMatch(/^HTTP\/1\.1 400 .*"code":"request.timeout"/s);
    expect(await refused.ended).toMatch(/^HTTP\/1\.1 401 /);
    expect(await file.finish()).toMatch(/^HTTP\/1\.1 200 .*"rows":0/s);
  });
});

/** Sends a request whose body comes by ten bytes a second, until all the rest is asked for. */
function drip(url: string, path: string, type: string, body: string, credential = 'none') {
  const { hostname, port } = new URL(url);
  const head = `POST /api/v1${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${credential}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`;
  const socket = connect(Number(port), hostname);
  socket.write(head);
  const sent = { bytes: 0, answer: '' };
  const drops = setInterval(() => sent.bytes < body.length && socket.write(body[sent.bytes++]!), 100);
  const ended = new Promise<string>((resolve) => socket.on('error', () => undefined).on('data', (chunk) => (sent.answer += String(chunk))).on('close', () => resolve(sent.answer)));
  void ended.finally(() => clearInterval(drops));
  const hurry = (): void => {
    clearInterval(drops);
    socket.write(body.slice(sent.bytes));
  };
  const finish = async (): Promise<string> => {
    hurry();
    await until(() => sent.answer.includes('}'));
    socket.destroy();
    return sent.answer;
  };
  return { ended, finish, hurry };
}
