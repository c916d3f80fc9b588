import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Pool } from 'undici';
import { BuiltService, cli } from './support/built.js';
import { freePort } from './support/free-port.js';
import { ownMsUntil } from './support/own-time.js';
import { Application, ProjectOutside } from './support/project-outside.js';
import { until } from './support/until.js';

/** Longer runs are made by hand: KIT_OUTAGE_SECONDS=30. */
const OUTAGE_MS = 1000 * Number(process.env.KIT_OUTAGE_SECONDS ?? 6);
const OUTAGE_SECONDS = '120';
const FRAMEWORKS = ['express', 'fastify', 'nest'] as const;
const BOUND_MS = 2000;

interface Person {
  readonly id: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly key: string;
  readonly keyId: string;
}

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

let dataDir: string;
let service: BuiltService;
let project: ProjectOutside;
let serviceUrl: string;
let serviceKey: string;
const apps = new Map<string, Application>();
const spools = new Map<string, string>();

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'provost-test-'));
  serviceUrl = `http://127.0.0.1:${await freePort()}`;
  service = await startService();
  const { stdout } = await cli(['service-key', 'create', '--name', 'kit', '--scopes', 'verify,usage:consume,messages:write,messages:read'], { DATA_DIR: dataDir });
  serviceKey = /pv_\S+/.exec(stdout)![0];
  project = new ProjectOutside();
  for (const name of FRAMEWORKS) spools.set(name, mkdtempSync(join(tmpdir(), `provost-spool-${name}-`)));
  await Promise.all(FRAMEWORKS.map(startApp));
}, 120_000);

afterAll(async () => {
  await Promise.all([...apps.values()].map((app) => app.stop()));
  await service.stop();
  for (const folder of spools.values()) rmSync(folder, { recursive: true });
  project.remove();
  rmSync(dataDir, { recursive: true });
});

describe.each(FRAMEWORKS)('an application on %s', (name) => {
  let ada: Person;
  beforeAll(async () => {
    ada = await person();
  });

  it('lets in nobody without a credential, and says so as Provost would', async () => {
    const { status, headers, body } = await ask(name, 'GET', '/me');
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="provost"');
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ status: 401, code: 'auth.required', instance: '/me', title: 'Unauthorized' });
  });

  it('lets in an access token and an API key, with whose they are, the plan and the scopes', async () => {
    const byToken = await ask(name, 'GET', '/me', ada.token);
    const byKey = await ask(name, 'GET', '/me', ada.key);
    for (const { status, body } of [byToken, byKey]) {
      expect({ status, ...body }).toMatchObject({ status: 200, subject: ada.id, plan: 'free', scopes: expect.arrayContaining(['messages:write']) });
    }
  });

  it('keeps out a key that lacks the scope', async () => {
    const { key } = await call<{ key: string }>('POST', '/users/me/api-keys', ada.token, { name: 'reads', scopes: ['usage:read'] });
    const refused = await ask(name, 'POST', '/notes', key, { text: 'x' });
    expect({ status: refused.status, ...refused.body }).toMatchObject({ status: 403, code: 'access.missing-permission', permission: 'messages:write' });
  });

  it('counts each conversation, tells what is left, and keeps it in Provost', async () => {
    const before = await usedBy(ada);
    const { status, headers, body } = await ask(name, 'POST', '/chat', ada.key, { text: `hello ${name}` });
    expect({ status, body }).toEqual({ status: 200, body: { answer: `You said: hello ${name}` } });
    expect(headers.get('ratelimit')).toMatch(/^"conversations";r=\d+/);
    expect(await usedBy(ada)).toBe(before + 1);
    await until(async () => (await logsOf(ada.id)).length > 0);
    const [log] = await logsOf(ada.id);
    expect(log).toMatchObject({ model: 'echo', messages: [{ role: 'user', content: `hello ${name}` }, { role: 'assistant', content: `You said: hello ${name}` }] });
  });

  it('gives back what was held when the answer fails, and charges it when it does not', async () => {
    const before = await usedBy(ada);
    expect((await ask(name, 'POST', '/essay', ada.key, { text: 'time' })).status).toBe(200);
    expect((await ask(name, 'POST', '/essay', ada.key, { text: '' })).status).toBe(500);
    await until(async () => (await usedBy(ada)) === before + 1);
  });

  it('answers 429 when the day is used up, and the handler does not run', async () => {
    const bob = await person();
    await call('POST', '/usage/consume', bob.token, { conversations: 100 });
    const { status, headers, body } = await ask(name, 'POST', '/chat', bob.key, { text: 'one more' });
    expect({ status, ...body }).toMatchObject({ status: 429, code: 'usage.limit-reached', limits: [{ name: 'conversations', remaining: 0 }] });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await logsOf(bob.id)).toEqual([]);
  });
});

describe('what ends in Provost', () => {
  it('is refused by the application within two seconds, although it was remembered', async () => {
    const ada = await person();
    await remembered(ada.key);
    await remembered(ada.token);
    await call('DELETE', `/users/me/api-keys/${ada.keyId}`, ada.token);
    const keyMs = await refusedAfter(ada.key);
    await call('POST', '/auth/logout-all', undefined, { refreshToken: ada.refreshToken });
    const sessionMs = await refusedAfter(ada.token);
    tell(`refused after the answer of the revocation: key ${keyMs} ms, session ${sessionMs} ms`);
    expect(Math.max(keyMs, sessionMs)).toBeLessThan(BOUND_MS);
  });

  it('is not the token of a former signing key: both keys go on being good', async () => {
    const ada = await person();
    expect((await ask('express', 'GET', '/me', ada.token)).status).toBe(200);
    const { code, stderr } = await cli(['keys', 'rotate', '--now'], { DATA_DIR: dataDir });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    // The service hears of the new key within half a second.
    let bob = ada;
    await until(async () => kidOf((bob = await person()).token) !== kidOf(ada.token));
    expect((await ask('express', 'GET', '/me', bob.token)).status).toBe(200);
    expect((await ask('express', 'GET', '/me', ada.token)).status).toBe(200);
  });
});

describe('the time that it takes', () => {
  it('is printed: with a remembered key, with a token, and without the middleware', async () => {
    const ada = await person();
    const samples = { 'without it': [], 'with a remembered key': [], 'with a token': [] } as Record<string, number[]>;
    const pool = new Pool(apps.get('express')!.url, { connections: 1 });
    // In turns, so that what else runs on the machine falls on all of them alike.
    for (let round = 0; round < 1000; round += 1) {
      samples['without it']!.push(await measure(pool, '/open'));
      samples['with a remembered key']!.push(await measure(pool, '/me', ada.key));
      samples['with a token']!.push(await measure(pool, '/me', ada.token));
    }
    await pool.close();
    const [plain, ...guarded] = Object.entries(samples).map(([name, times]) => ({ name, p50: quantile(times, 0.5), p99: quantile(times, 0.99) }));
    for (const { name, p50, p99 } of guarded) tell(`added latency ${name}: p50 ${(p50 - plain!.p50).toFixed(2)} ms, p99 ${(p99 - plain!.p99).toFixed(2)} ms (${samples[name]!.length} requests; without it p50 ${plain!.p50.toFixed(2)}, p99 ${plain!.p99.toFixed(2)} ms)`);
    // The price of asking each time would be several times as much.
    for (const { p50 } of guarded) expect(p50 - plain!.p50).toBeLessThan(5);
  }, 180_000);
});

describe('an outage of Provost', () => {
  it('costs no log that was acknowledged, and doubles none: callers who are known are served meanwhile if that is wanted, and an application may be killed in it', async () => {
    const [ada, bob] = [await person(), await person()];
    for (const name of FRAMEWORKS) for (const { key } of [ada, bob]) expect((await ask(name, 'GET', '/me', key)).status).toBe(200);
    await remembered(ada.key, 'express');
    await remembered(bob.key, 'fastify');
    await service.stop('SIGKILL');
    const over = pause(OUTAGE_MS);
    const [fromExpress, fromFastify, fromNest] = await Promise.all([writeNotes('express', ada, over), writeNotes('fastify', bob, over), writeNotes('nest', ada, over)]);
    expect(await apps.get('fastify')!.stop('SIGKILL')).toBeNull();
    await startApp('fastify');
    service = await startService();
    const outage = `${OUTAGE_MS / 1000} s without Provost`;
    tell(`${outage}: served ${fromExpress.ids.length} + ${fromFastify.ids.length} of ${fromExpress.asked + fromFastify.asked} requests of known callers; where that is not wanted ${fromNest.ids.length} of ${fromNest.asked}`);
    // A file goes when all of it was answered: then nothing is on its way any more.
    await until(() => FRAMEWORKS.every((name) => readdirSync(spools.get(name)!).length === 0), 60_000);
    const [ofAda, ofBob] = [(await logsOf(ada.id)).map(({ id }) => id), (await logsOf(bob.id)).map(({ id }) => id)];
    tell(`${outage}: ${ofAda.length} + ${ofBob.length} logs arrived (acknowledged ${fromExpress.ids.length + fromNest.ids.length} + ${fromFastify.ids.length}, the second by an application that was killed with them on its disk)`);
    expect(ofAda.sort()).toEqual([...fromExpress.ids, ...fromNest.ids].sort());
    expect(ofBob.sort()).toEqual(fromFastify.ids.sort());
    expect(fromExpress.statuses).toEqual({ 202: fromExpress.asked });
    expect(fromFastify.statuses).toEqual({ 202: fromFastify.asked });
    expect(Object.keys(fromNest.statuses).every((status) => status === '202' || status === '503')).toBe(true);
    expect(fromNest.statuses[503]).toBeGreaterThan(0);
  }, OUTAGE_MS * 3 + 120_000);
});

describe('the package', () => {
  it('holds the middleware with its types, and nothing of the tests', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { maxBuffer: 64 * 1024 * 1024 });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['dist/middleware/middleware.js', 'dist/middleware/middleware.d.ts', 'dist/middleware/provost.d.ts', 'dist/main.js', 'dist/auth/credentials/hash-worker.mjs', 'package.json', 'README.md']));
    expect(paths.filter((path) => /^(?:test|src|bench|data)\/|\.map$|tsbuildinfo|\.pem$|^\.env$/.test(path))).toEqual([]);
  }, 60_000);

  it('compiles in a TypeScript program against the types of Express, Fastify and Nest', async () => {
    const said = await project.compilerSays({ 'express-app.ts': EXPRESS_TS, 'fastify-app.ts': FASTIFY_TS });
    expect(said).toBe('');
    expect(await project.compilerSays({ 'wrong.ts': "import { provost } from 'provost/middleware';\nprovost({ url: 1, serviceKey: 'pv_x' });\n" })).toContain("Type 'number' is not assignable to type 'string'");
  }, 120_000);
});

const EXPRESS_TS = `
import express, { type Request } from 'express';
import { type Caller, expressProvost, LimitReached, provost, ProvostError } from 'provost/middleware';

declare global {
  namespace Express {
    interface Request { provost?: Caller }
  }
}

const client = provost({ url: 'http://127.0.0.1:3000', serviceKey: 'pv_live_x' });
const app = express();
app.get('/me', expressProvost(client), (request, response) => { response.json(request.provost!.subject); });
app.post('/chat', expressProvost(client, { consume: (request: Request, { plan }) => ({ credits: plan === 'free' ? Number(request.query.size) : 0 }) }));
app.get('/own', async (request, response) => {
  try {
    const { standing } = await client.consume(await client.identify(request), { conversations: 1 });
    response.json(standing.credits.balance);
  } catch (error) {
    if (error instanceof LimitReached) response.json(error.standing.limits);
    else if (error instanceof ProvostError) response.status(error.status).json(error.body(request.path));
    else throw error;
  }
});
`;

const FASTIFY_TS = `
import fastify from 'fastify';
import { type Caller, fastifyProvost, provost } from 'provost/middleware';

declare module 'fastify' {
  interface FastifyRequest { provost: Caller | null }
}

const client = provost({ url: 'http://127.0.0.1:3000', serviceKey: 'pv_live_x' });
const app = fastify();
app.register(async (scope) => {
  await scope.register(fastifyProvost(client, { scopes: ['usage:read'] }));
  scope.get('/me', async ({ provost }) => provost!.subject);
});
`;

function startService(): Promise<BuiltService> {
  const { port } = new URL(serviceUrl);
  return BuiltService.start({ DATA_DIR: dataDir, PORT: port, PUBLIC_URL: serviceUrl, FIRST_ADMIN: 'false' });
}

/** Only the Nest application keeps to the default and lets nobody in while Provost is away. */
async function startApp(name: (typeof FRAMEWORKS)[number]): Promise<void> {
  const outage: Record<string, string> = name === 'nest' ? {} : { OUTAGE_SECONDS };
  apps.set(name, await Application.start(project, name, { PROVOST_URL: serviceUrl, PROVOST_SERVICE_KEY: serviceKey, SPOOL_FOLDER: spools.get(name)!, ...outage }));
}

async function person(): Promise<Person> {
  const username = `user-${randomBytes(5).toString('hex')}`;
  const password = 'correct horse battery 9';
  const { user } = await call<{ user: { id: string } }>('POST', '/auth/register', undefined, { username, email: `${username}@example.org`, password });
  const { accessToken: token, refreshToken } = await call<{ accessToken: string; refreshToken: string }>('POST', '/auth/login', undefined, { login: username, password });
  const { key, apiKey } = await call<{ key: string; apiKey: { id: string } }>('POST', '/users/me/api-keys', token, { name: 'kit' });
  return { id: user.id, token, refreshToken, key, keyId: apiKey.id };
}

/** Calls Provost itself, which has no reason to refuse. */
async function call<T>(method: string, path: string, credential?: string, body?: object): Promise<T> {
  const headers = { ...(credential && { authorization: `Bearer ${credential}` }), 'content-type': 'application/json' };
  const answer = await fetch(`${serviceUrl}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as T;
}

async function ask(name: string, method: string, path: string, credential?: string, body?: object): Promise<Answer> {
  const answer = await fetch(apps.get(name)!.url + path, {
    method,
    headers: { ...(credential && { authorization: `Bearer ${credential}` }), ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

/** Once the feed is heard, what is verified is remembered. */
async function remembered(credential: string, name = 'express'): Promise<void> {
  await until(async () => (await ask(name, 'GET', '/me', credential)).status === 200);
  expect((await ask(name, 'GET', '/me', credential)).status).toBe(200);
}

async function refusedAfter(credential: string): Promise<number> {
  return Math.round(await ownMsUntil(async () => (await ask('express', 'GET', '/me', credential)).status === 401));
}

async function usedBy({ token }: Person): Promise<number> {
  const { limits } = await call<{ limits: { used: number }[] }>('GET', '/usage', token);
  return limits[0]!.used;
}

interface Log {
  readonly id: string;
  readonly model: string;
  readonly messages: object[];
}

/** All of a user's logs, as Provost has them. */
async function logsOf(userId: string): Promise<Log[]> {
  const found: Log[] = [];
  for (let cursor = ''; ; ) {
    const { data, nextCursor } = await call<{ data: Log[]; nextCursor: string | null }>('GET', `/message-logs?userId=${userId}&include=messages&limit=100${cursor}`, serviceKey);
    found.push(...data);
    if (nextCursor === null) return found;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
}

/** Goes on until it is over, as a brisk program would; answers the ids of what was acknowledged. */
async function writeNotes(name: string, { key }: Person, over: Promise<void>): Promise<{ asked: number; ids: string[]; statuses: Record<number, number> }> {
  const result = { asked: 0, ids: [] as string[], statuses: {} as Record<number, number> };
  let isOver = false;
  void over.then(() => (isOver = true));
  while (!isOver) {
    const { status, body } = await ask(name, 'POST', '/notes', key, { text: `note ${result.asked}` });
    result.asked += 1;
    result.statuses[status] = (result.statuses[status] ?? 0) + 1;
    if (status === 202) result.ids.push(String(body.id));
    await pause(5);
  }
  return result;
}

async function measure(pool: Pool, path: string, credential?: string): Promise<number> {
  const started = performance.now();
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers: credential ? { authorization: `Bearer ${credential}` } : {} });
  await body.text();
  const took = performance.now() - started;
  expect(statusCode).toBe(200);
  return took;
}

function quantile(times: number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))]!;
}

function kidOf(token: string): string {
  return (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
}

function tell(what: string): void {
  process.stdout.write(`${what}\n`);
}
