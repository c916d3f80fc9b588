import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { importJWK, type CryptoKey } from 'jose';
import { readToken } from '../src/middleware/access-token.js';
import { Ids } from '../src/middleware/ids.js';
import { idInKey } from '../src/middleware/key-form.js';
import { Caller, type Kind, provost } from '../src/middleware/middleware.js';
import { Spool } from '../src/middleware/spool.js';
import { SYSTEM_TIME } from '../src/middleware/time.js';
import { type Expected, expectHeaders, FAILURES, LOGS, Scene, SERVICE_KEY } from './support/middleware-scene.js';
import { until } from './support/until.js';
import { makeToken, publicJwk, TOKENS, vectors } from './support/vectors.js';

interface AnswerCase {
  name: string;
  answer: { status: number; headers?: Record<string, string>; body: unknown };
  kinds?: Kind[];
  guard?: { scopes: string[] };
  outcome: Partial<Expected>;
}

const KEYS = vectors<{ cases: { name: string; key: string; id: string | null }[] }>('keys');
const ANSWERS = vectors<{ key: string; kinds: Kind[]; cases: AnswerCase[] }>('verify-answers');
const PROBLEMS = vectors<{ members: string[]; contentType: string; cases: { name: string; headers: Record<string, string>; outcome: Expected }[] }>('problems');

/** Most of the time of a case is waiting. */
const ATTEMPTED_AT_ONCE = 8;

describe('a token', () => {
  let published: Map<string, CryptoKey>;
  beforeAll(async () => {
    published = new Map(await Promise.all(TOKENS.published.map(async (name) => [TOKENS.keys[name]!.kid, (await importJWK(publicJwk(TOKENS.keys[name]!), 'ES256')) as CryptoKey] as const)));
  });

  it.each(TOKENS.cases)('$name: $outcome', async (made) => {
    const { issuer, kinds, now } = TOKENS;
    const read = readToken(makeToken(made), { issuer, kinds, now, findKey: async (kid) => published.get(kid) });
    const outcome = await read.then(() => 'accepted', (error: { code?: string }) => error.code ?? error);
    expect(outcome).toBe(made.outcome);
  });
});

describe('an API key', () => {
  it.each(KEYS.cases)('$name', ({ key, id }) => {
    expect(idInKey(key) ?? null).toBe(id);
  });
});

describe('an answer of Provost', () => {
  it.each(ANSWERS.cases)('$name', async ({ answer, kinds = ANSWERS.kinds, guard = {}, outcome: { status = 200, retryAfter, wwwAuthenticate, ...members } }) => {
    const scene = await Scene.set({}, { kinds }, guard);
    scene.fake.verify = () => answer;
    const given = await scene.ask({ authorization: `Bearer ${ANSWERS.key}` });
    await scene.clear();
    expect(given.body).toMatchObject(members);
    expect(given.status).toBe(status);
    expectHeaders(given, { retryAfter, wwwAuthenticate });
  });
});

describe('a request', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.set();
  });
  afterAll(() => scene.clear());

  it.each(PROBLEMS.cases)('with $name', async ({ headers, outcome: { status, code, wwwAuthenticate } }) => {
    const { body, ...answer } = await scene.ask(headers);
    expect({ status: answer.status, code: body.code }).toEqual({ status, code });
    expectHeaders({ body, ...answer }, { wwwAuthenticate });
    if (status === 200) return;
    expect(answer.headers.get('content-type')).toMatch(new RegExp(`^${PROBLEMS.contentType.replace('+', '\\+')}`));
    expect(Object.keys(body)).toEqual(expect.arrayContaining(PROBLEMS.members));
    expect(body.instance).toBe('/things');
  });
});

describe('when Provost fails', () => {
  it('every case of clients/vectors/failures.json turns out as it says', () => playAll(FAILURES.cases), 120_000);
});

describe('an answer that was on its way while the key was revoked', () => {
  it('is not remembered, nor given to who asks after that', async () => {
    const scene = await Scene.set();
    await scene.play([{ wait: 'feed' }]);
    const { promise: mayGo, resolve: go } = openDoor();
    const verdicts = [{ active: true, subject: FAILURES.subject, kind: 'user', scopes: [] }, { active: false, reason: 'api-keys.invalid' }];
    scene.fake.verify = async () => {
      const body = verdicts.shift();
      if (body?.active) await mayGo;
      return { status: 200, body };
    };
    const authorization = `Bearer ${FAILURES.apiKey}`;
    const early = scene.ask({ authorization });
    await until(() => verdicts.length === 1);
    scene.fake.revoke({ kind: 'key', id: '0198a000-0000-7000-8000-000000000001' });
    await scene.play([{ wait: 'feed' }]);
    const late = await scene.ask({ authorization });
    go();
    const statuses = [(await early).status, late.status, (await scene.ask({ authorization })).status];
    await scene.clear();
    expect(statuses).toEqual([200, 401, 401]);
  });
});

describe('what a request may cost', () => {
  const authorization = `Bearer ${FAILURES.apiKey}`;

  it('is charged as the handler said, in full when it said nothing, and given back when the answer failed or nobody waited for it', async () => {
    const scene = await Scene.set({}, {}, { reserve: { conversations: 0, credits: 50 } });
    await scene.ask({ authorization, 'x-spend': '7' });
    await scene.ask({ authorization });
    await scene.ask({ authorization, 'x-end': 'badly' });
    await scene.ask({ authorization, 'x-end': 'badly', 'x-spend': '8' });
    const leaving = new AbortController();
    const left = scene.ask({ authorization, 'x-end': 'never' }, leaving.signal).catch((error: Error) => error.name);
    await until(() => scene.fake.asked.reservations >= 9);
    leaving.abort();
    expect(await left).toBe('AbortError');
    await until(() => scene.fake.closed.length === 5);
    await scene.clear();
    expect(scene.fake.closed.map((each) => each.split(' ')[1]).sort()).toEqual(['50', '7', '8', 'released', 'released']);
  });

  it('is settled in the end although Provost fails at first', async () => {
    const scene = await Scene.set({}, {}, { reserve: { conversations: 0, credits: 50 } });
    scene.fake.behave('reservations', ['ok', '500', '500', '500', 'ok']);
    await scene.ask({ authorization, 'x-spend': '7' });
    await until(() => scene.fake.closed.length === 1);
    await scene.clear();
    expect(scene.fake.closed).toEqual(['held1 7']);
  });
});

describe('the service key', () => {
  it('is in nothing that a handler may print or send by mistake', async () => {
    const scene = await Scene.set();
    const { body } = await scene.ask({ authorization: `Bearer ${FAILURES.apiKey}` });
    await scene.clear();
    expect(body).toMatchObject({ subject: FAILURES.subject });
    expect(JSON.stringify(body)).not.toContain(SERVICE_KEY);
    const client = provost({ url: 'http://127.0.0.1:9', serviceKey: SERVICE_KEY });
    expect(inspect({ client, caller: new Caller(client, body as never) }, { depth: 20, showHidden: true })).not.toContain(SERVICE_KEY);
    await client.close();
  });

  it('that is refused is told to the operator, and not to the client', async () => {
    const heard: Error[] = [];
    const scene = await Scene.set({}, { onError: (error) => heard.push(error) });
    scene.fake.behave('verify', '403');
    const { body } = await scene.ask({ authorization: `Bearer ${FAILURES.apiKey}` });
    await scene.clear();
    expect(heard.map(({ message }) => message)).toContainEqual(expect.stringContaining('403 access.missing-permission'));
    expect(body.detail).not.toContain('403');
  });
});

describe('two processes with one spool', () => {
  it('lose nothing: what one writes to a file that the other claimed is written again elsewhere', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'provost-spool-'));
    const options = { folder, maxBytes: 1_000_000 };
    const ids = new Ids(SYSTEM_TIME);
    const one = await Spool.open(options, ids);
    await one.append('"a"');
    const other = await Spool.open(options, ids);
    const found = await emptied(other);
    await one.append('"b"');
    await Promise.all(['"c"', '"d"'].map((line) => one.append(line)));
    found.push(...(await emptied(one)));
    const left = readdirSync(folder);
    rmSync(folder, { recursive: true });
    expect(found).toEqual(['"a"', '"b"', '"c"', '"d"']);
    expect(left).toEqual([]);
  });
});

describe('message logs', () => {
  it('every case of clients/vectors/message-logs.json turns out as it says', () => playAll(LOGS.cases), 120_000);
});

async function emptied(spool: Spool): Promise<string[]> {
  const lines: string[] = [];
  for (let segment = await spool.oldest(); segment; segment = await spool.oldest()) {
    lines.push(...(await spool.read(segment)));
    await spool.remove(segment);
  }
  return lines;
}

function openDoor(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  return { promise: new Promise((done) => (resolve = done)), resolve: () => resolve() };
}

/** Several at a time; names those that turned out otherwise. */
async function playAll(cases: typeof FAILURES.cases): Promise<void> {
  const left = [...cases];
  const wrong: string[] = [];
  const playNext = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const { name, options, steps } = next;
      const scene = await Scene.set(options);
      await scene.play(steps).catch((error: Error) => wrong.push(`${name}: ${error.message}`));
      await scene.clear();
    }
  };
  await Promise.all(Array.from({ length: ATTEMPTED_AT_ONCE }, playNext));
  expect(wrong).toEqual([]);
}
