import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { hashSync as argon2 } from '@node-rs/argon2';
import { hashSync as bcrypt } from 'bcryptjs';
import { Credential } from '../src/auth/credentials/credential.entity.js';
import { PasswordHasher } from '../src/auth/credentials/password-hasher.js';
import { Api, PASSWORD, uniqueName } from './support/api.js';
import { lowestTenth } from './support/lowest-tenth.js';

const ARGON2I = 1;
const ROUNDS = 60;

describe('passwords', () => {
  let api: Api;

  beforeAll(async () => {
    api = await Api.start({ signInFailuresPerNetwork: 10_000 });
  });

  afterAll(() => api.close());

  const register = (password: string, username = uniqueName()) => api.anyone.post('/auth/register', { username, email: `${username}@example.org`, password });
  const signIn = (login: string, password: string) => api.anyone.post('/auth/login', { login, password });

  /** An account whose password hash came from another system. */
  async function brought(passwordHash: string): Promise<string> {
    const username = uniqueName();
    const { body } = await register(PASSWORD, username).expect(201);
    await api.db.update(Credential, { principalId: body.user.id as string }, { passwordHash });
    return username;
  }

  it.each([
    ['short', 'eleven-char', 'too-short'],
    ['common', 'Password1234', 'common'],
    ['repeated', 'zzzzzzzzzzzzzz', 'repeated'],
    ['a walk along the keyboard', 'qwertyuiopasdfgh', 'sequential'],
  ])('are refused when %s, with what to change', async (_, password, code) => {
    const { body } = await register(password).expect(400);
    expect(body).toMatchObject({ code: 'validation.failed', violations: [{ pointer: '/password', code }] });
    expect(body.errors.password).toEqual(expect.stringMatching(/\.$/));
  });

  it('are refused when they are the own name with a little added', async () => {
    const { body } = await register('grace.hopper.1906', 'grace.hopper').expect(400);
    expect(body.violations[0]).toMatchObject({ code: 'own-words' });
  });

  it('of 128 characters and of 1024 bytes are taken; of one byte more, and of a megabyte, they are refused before they are hashed', async () => {
    for (const password of [randomBytes(64).toString('hex'), randomBytes(512).toString('hex')]) {
      const username = uniqueName();
      await register(password, username).expect(201);
      await signIn(username, password).expect(200);
    }
    const hashed = (['hash', 'verify'] as const).map((method) => jest.spyOn(api.app.get(PasswordHasher), method));
    for (const length of [1025, 900_000]) {
      const long = randomBytes(length).toString('hex').slice(0, length);
      expect((await register(long).expect(400)).body.code).toBe('auth.password-too-long');
      expect((await signIn(uniqueName(), long).expect(400)).body.code).toBe('auth.password-too-long');
    }
    for (const spy of hashed) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
    const { status } = await register('x'.repeat(1024 * 1024));
    expect([400, 413]).toContain(status);
  });

  it('are taken exactly as sent: spaces, case and normal form count', async () => {
    const username = uniqueName();
    const password = ' Füße auf dem Tisch ';
    await register(password, username).expect(201);
    await signIn(username, password).expect(200);
    for (const other of [password.trim(), password.normalize('NFD'), password.toLowerCase()]) await signIn(username, other).expect((answer) => expect([401, 429]).toContain(answer.status));
  });

  it.each([
    ['bcrypt', () => bcrypt(PASSWORD, 4)],
    ['bcrypt of PHP', () => bcrypt(PASSWORD, 4).replace('$2b$', '$2y$')],
    ['argon2i', () => argon2(PASSWORD, { algorithm: ARGON2I, memoryCost: 64, timeCost: 3, parallelism: 1 })],
    ['a cheaper argon2id', () => argon2(PASSWORD, { memoryCost: 32, timeCost: 1, parallelism: 1 })],
  ])('hashed by %s elsewhere sign in and become argon2id of the configured cost', async (_, hash) => {
    const username = await brought(hash());
    await signIn(username, 'something else 123').expect(401);
    const { body } = await signIn(username, PASSWORD).expect(200);
    const { passwordHash } = await api.db.findOneByOrFail(Credential, { principalId: body.user.id as string });
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    await signIn(username, PASSWORD).expect(200);
    expect((await api.db.findOneByOrFail(Credential, { principalId: body.user.id as string })).passwordHash).toBe(passwordHash);
  });

  it('are not hashed anew by a failed sign-in', async () => {
    const hash = bcrypt(PASSWORD, 4);
    const username = await brought(hash);
    await signIn(username, 'something else 123').expect(401);
    expect(await api.db.countBy(Credential, { passwordHash: hash })).toBe(1);
  });

  it('lie in the table as hashes that nobody can read, each with a salt of its own', async () => {
    const [a, b] = [await register('one and the same 71', uniqueName()).expect(201), await register('one and the same 71', uniqueName()).expect(201)];
    const hashes = await Promise.all([a, b].map(({ body }) => api.db.findOneByOrFail(Credential, { principalId: body.user.id as string })));
    expect(hashes[0]!.passwordHash).not.toBe(hashes[1]!.passwordHash);
    expect(hashes[0]!.passwordHash).toMatch(/^\$argon2id\$/);
  });

  it.each([
    ['a Cyrillic letter', '\u0430da-lovelace'],
    ['a character of no width', 'ada\u200blovelace'],
    ['wide letters', '\uff41da-lovelace'],
    ['a dotless i', 'ada-lovelace-\u0131'],
    ['an accent', 'ad\u00e0-lovelace'],
  ])('belong to usernames that cannot look alike: one with %s is refused', async (_, username) => {
    const { body } = await register(PASSWORD, username).expect(400);
    expect(body.violations[0].pointer).toBe('/username');
  });

  it('find their account whatever the case of the name, and never another one', async () => {
    const username = uniqueName('Grace');
    await register(PASSWORD, username).expect(201);
    await signIn(username.toUpperCase(), PASSWORD).expect(200);
    await register(PASSWORD, username.toLowerCase()).expect(409);
  });
});

describe('the time a sign-in takes', () => {
  let api: Api;

  beforeAll(async () => {
    // The real cost: this is about what dominates in earnest.
    api = await Api.start({ argon2MemoryKib: 19_456, argon2Passes: 2, signInFailuresPerAccount: 1000, signInFailuresPerNetwork: 10_000 });
  });

  afterAll(() => api.close());

  it('does not tell whether the account exists: lowest tenths within 1.6 of each other', async () => {
    const { user } = await api.signedIn();
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const time = async (which: 'known' | 'unknown', login: string): Promise<void> => {
      const started = performance.now();
      await api.anyone.post('/auth/login', { login, password: 'not the password 17' }).expect(401);
      times[which].push(performance.now() - started);
      api.clock.advanceSeconds(16 * 60);
    };
    for (let i = 0; i < ROUNDS; i += 1) {
      await time('known', user.username);
      await time('unknown', uniqueName('nobody'));
    }
    const [known, unknown] = [lowestTenth(times.known), lowestTenth(times.unknown)];
    process.stdout.write(`sign-in with a wrong password: account exists ${known.toFixed(1)} ms, does not ${unknown.toFixed(1)} ms (lowest tenths of ${ROUNDS})\n`);
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(1.6);
  });
});
