import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { newKeyPair } from '../src/auth/signing-keys/key-pair.js';
import { SigningKey, SigningKeyState } from '../src/auth/signing-keys/signing-key.entity.js';
import { SigningKeyRotation } from '../src/auth/signing-keys/signing-key-rotation.js';
import { Changes } from '../src/platform/changes/changes.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { Api } from './support/api.js';
import { BuiltService, cli } from './support/built.js';
import { FixedClock } from './support/fixed-clock.js';

const DAY_SECONDS = 86_400;
/** Some start three services, each with a schema of its own. */
const PATIENCE_MS = 180_000;

describe('signing keys', () => {
  let api: Api;
  beforeEach(async () => {
    api = await Api.start();
  });
  afterEach(() => api.close());

  const rotation = (): SigningKeyRotation => api.app.get(SigningKeyRotation);
  const settle = (which = api): Promise<void> => which.app.get(Changes).poll();
  const onTime = async (): Promise<void> => {
    await api.app.get(Jobs).run('auth.signing-keys');
    await settle();
  };
  const rotateNow = async (): Promise<string> => {
    const { kid } = await rotation().prepare();
    await rotation().promote(kid);
    await settle();
    return kid;
  };
  const published = async (url = api.url): Promise<string[]> => {
    const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };
  const stateOf = async (kid: string): Promise<string> => (await api.db.findOneByOrFail(SigningKey, { kid })).state;
  /** Another instance on the same database. */
  const another = (overrides: object = {}): Promise<Api> => {
    const { dataDir, databaseUrl } = api.settings;
    return Api.start({ dataDir, ...(databaseUrl !== undefined && { databaseUrl }), ...overrides }, api.clock);
  };

  it('are published for a while before they sign, and verify until their last token is over', async () => {
    const [former] = await published();
    const { kid } = await rotation().prepare();
    await settle();
    expect(await published()).toEqual([former, kid]);
    api.clock.advanceSeconds(DAY_SECONDS - 60);
    await onTime();
    const ada = await api.signedIn();
    expect(kidOf(ada.accessToken)).toBe(former);
    api.clock.advanceSeconds(60);
    await onTime();
    const bob = await api.signedIn();
    expect(kidOf(bob.accessToken)).toBe(kid);
    await ada.get('/auth/me').expect(200);
    await bob.get('/auth/me').expect(200);
    expect(await published()).toEqual([kid, former]);
    api.clock.advanceSeconds(960);
    await onTime();
    expect(await published()).toEqual([kid]);
    expect(await stateOf(former!)).toBe('removed');
  });

  it('are named to caches for far less time than they are published ahead', async () => {
    const { headers } = await api.anyone.get('/.well-known/jwks.json').expect(200);
    const [, seconds] = /^public, max-age=(\d+)$/.exec(headers['cache-control'] as string) ?? [];
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(Number(seconds)).toBeLessThan(3600 / 2);
  });

  it('that are removed take their tokens with them, also those that were verified before', async () => {
    const ada = await api.signedIn();
    await ada.get('/auth/me').expect(200);
    const former = kidOf(ada.accessToken);
    await rotateNow();
    await ada.get('/auth/me').expect(200);
    await rotation().remove(former);
    await settle();
    const { body } = await ada.get('/auth/me').expect(401);
    expect(body.code).toBe('auth.invalid-token');
    await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(200);
  });

  it('replace themselves every SIGNING_KEY_DAYS, in time to be published before', async () => {
    const [first] = await published();
    api.clock.advanceSeconds(89 * DAY_SECONDS - 1);
    await onTime();
    expect(await published()).toEqual([first]);
    api.clock.advanceSeconds(1);
    await onTime();
    expect(await published()).toHaveLength(2);
    api.clock.advanceSeconds(DAY_SECONDS);
    await onTime();
    expect(await stateOf(first!)).toBe('retired');
  });

  it('are made once however many want one at once', async () => {
    const prepared = await Promise.all(Array.from({ length: 20 }, () => rotation().prepare()));
    expect(new Set(prepared.map(({ kid }) => kid)).size).toBe(1);
    const promoted = await Promise.all(Array.from({ length: 20 }, () => rotation().promote(prepared[0]!.kid)));
    expect(promoted.filter(Boolean)).toHaveLength(1);
    await api.db.clear(SigningKey);
    await Promise.all(Array.from({ length: 20 }, () => rotation().ensureCurrent()));
    expect(await api.db.find(SigningKey)).toMatchObject([{ state: SigningKeyState.Current }]);
  });

  it('lie sealed in the database, and lose their secret half when they retire', async () => {
    const former = (await published())[0]!;
    expect((await api.db.findOneByOrFail(SigningKey, { kid: former })).sealed).toMatch(/^[0-9a-f]{12}\.[A-Za-z0-9_-]+$/);
    const kid = await rotateNow();
    expect(await api.db.findOneByOrFail(SigningKey, { kid: former })).toMatchObject({ state: 'retired', sealed: null });
    const noted = await api.db.find(AuditEvent, { where: { targetId: kid }, order: { id: 'ASC' } });
    expect(noted.map(({ action }) => action)).toEqual(['auth.signing-key-prepared', 'auth.signing-key-current']);
  });

  it('named in vain cost a look at the table once a second at most', async () => {
    const ada = await api.signedIn();
    const reads = jest.spyOn(api.db, 'findBy');
    const [, payload, signature] = ada.accessToken.split('.');
    const junk = (kid: string): string => `${Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid })).toString('base64url')}.${payload}.${signature}`;
    const started = performance.now();
    await Promise.all(Array.from({ length: 100 }, (_, index) => api.with(junk(`junk-${index}`)).get('/auth/me').expect(401)));
    const looks = reads.mock.calls.filter(([entity]) => entity === SigningKey).length;
    reads.mockRestore();
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - started) / 1000));
  });

  it('of another instance are taken by their first token, before anybody tells of them', async () => {
    const other = await another();
    try {
      const kid = await rotateNow();
      const ada = await api.signedIn();
      expect(kidOf(ada.accessToken)).toBe(kid);
      await other.with(ada.accessToken).get('/auth/me').expect(200);
    } finally {
      await other.app.close();
    }
  }, PATIENCE_MS);

  it('given by SIGNING_KEY sign at once, and the former verifies on', async () => {
    const ada = await api.signedIn();
    const { pem, kid } = newKeyPair();
    const other = await another({ signingKey: pem });
    try {
      await settle();
      expect(kidOf((await api.signedIn()).accessToken)).toBe(kid);
      await ada.get('/auth/me').expect(200);
      await other.with(ada.accessToken).get('/auth/me').expect(200);
    } finally {
      await other.app.close();
    }
  }, PATIENCE_MS);

  it('given by SIGNING_KEY do not come back by a restart once they were replaced or removed', async () => {
    const { pem, kid } = newKeyPair();
    await (await another({ signingKey: pem })).app.close();
    const next = await rotateNow();
    await (await another({ signingKey: pem })).app.close();
    await rotation().remove(kid);
    await (await another({ signingKey: pem })).app.close();
    await settle();
    expect(await published()).toContain(next);
    expect(await published()).not.toContain(kid);
    expect(kidOf((await api.signedIn()).accessToken)).toBe(next);
  }, PATIENCE_MS);

  it('from a file of an earlier version are taken over, and the file goes', async () => {
    const { pem, kid } = newKeyPair();
    const { dataDir, databaseUrl } = api.settings;
    await api.db.clear(SigningKey);
    const file = join(dataDir, 'keys', 'signing.pem');
    mkdirSync(join(dataDir, 'keys'), { recursive: true });
    writeFileSync(file, pem);
    const other = await Api.start({ dataDir, ...(databaseUrl !== undefined && { databaseUrl }) });
    try {
      expect(await published(other.url)).toEqual([kid]);
      expect(existsSync(file)).toBe(false);
    } finally {
      await other.app.close();
    }
  }, PATIENCE_MS);
});

describe('signing keys of a running service', () => {
  let api: Api;
  let service: BuiltService;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    api = await Api.start({}, new FixedClock(Date.now()));
    environment = { DATA_DIR: api.settings.dataDir, DATABASE_URL: api.settings.databaseUrl ?? '', FIRST_ADMIN: 'false', HOST: api.settings.host, PUBLIC_URL: 'http://127.0.0.1:1' };
    service = await BuiltService.start(environment);
  }, PATIENCE_MS);
  afterAll(async () => {
    await service?.stop();
    await api.close();
  });

  const published = async (): Promise<string[]> => ((await (await fetch(`${service.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  const tokenOf = async (login: string): Promise<string> => {
    const answer = await fetch(`${service.url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login, password: 'correct horse battery 9' }) });
    return ((await answer.json()) as { accessToken: string }).accessToken;
  };
  const me = async (token: string): Promise<number> => (await fetch(`${service.url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('follow another process within 2 seconds', async () => {
    api.clock.set(new Date().toISOString());
    const started = performance.now();
    const { kid } = await api.app.get(SigningKeyRotation).prepare();
    await soon(async () => (await published()).includes(kid));
    process.stdout.write(`A new signing key was known to another process after ${Math.round(performance.now() - started)} ms.\n`);
  }, PATIENCE_MS);

  it('change by command without a token being refused', async () => {
    const { user } = await api.signedIn();
    const before = await tokenOf(user.username);
    const statuses = new Set<number>();
    let done = false;
    const asking = (async () => {
      while (!done) for (const token of [before, await tokenOf(user.username)]) statuses.add(await me(token));
    })();
    const { code, stdout } = await cli(['keys', 'rotate', '--now'], environment);
    done = true;
    await asking;
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('It signs from now on.') });
    expect([...statuses]).toEqual([200]);
    await soon(async () => kidOf(await tokenOf(user.username)) !== kidOf(before));
  }, PATIENCE_MS);

  it('that leaked are refused within 2 seconds of the command', async () => {
    const { user } = await api.signedIn();
    const before = await tokenOf(user.username);
    expect(await me(before)).toBe(200);
    expect(await cli(['keys', 'rotate', '--leaked'], environment)).toMatchObject({ code: 0 });
    await soon(async () => (await me(before)) === 401);
    expect(await me(await tokenOf(user.username))).toBe(200);
    expect(await published()).toHaveLength(1);
  }, PATIENCE_MS);

  it('are told of by the command line', async () => {
    const { code, stdout } = await cli(['keys', 'status'], environment);
    expect(code).toBe(0);
    expect(stdout).toMatch(/current/);
    expect(stdout).toMatch(/removed/);
    expect(stdout).not.toMatch(/PRIVATE/);
  }, PATIENCE_MS);
});

/** Within the two seconds that everything has to be known everywhere. */
async function soon(isSo: () => Promise<boolean>): Promise<void> {
  const started = performance.now();
  // What counts is when it was asked: an answer may be a while on its way.
  for (let asked = started; !(await isSo()); asked = performance.now()) expect(asked - started).toBeLessThan(2000);
}

function kidOf(token: string): string {
  return (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
}
