import { jest } from '@jest/globals';
import type { Response } from 'supertest';
import { In } from 'typeorm';
import { Credential } from '../src/auth/credentials/credential.entity.js';
import { EvidenceLookup } from '../src/auth/credentials/evidence.js';
import { LoginAudit } from '../src/auth/login-audit.entity.js';
import { Session } from '../src/auth/sessions/session.entity.js';
import { UserStatus } from '../src/users/user-record.js';
import { User } from '../src/users/user.entity.js';
import { Api, PASSWORD, uniqueName } from './support/api.js';
import { MYSQL_URL } from './support/scratch-database.js';
import { until } from './support/until.js';

/** Sign-ins that arrive together share statements and a transaction. Nobody may notice but by the time that it takes. */
describe('many who sign in at once', () => {
  let api: Api;

  beforeAll(async () => {
    api = await Api.start();
  });

  afterAll(() => api.close());

  async function registered(count: number): Promise<{ id: string; username: string }[]> {
    const names = Array.from({ length: count }, () => uniqueName());
    return Promise.all(names.map(async (username) => (await api.anyone.post('/auth/register', { username, email: `${username}@example.org`, password: PASSWORD }).expect(201)).body.user));
  }

  const login = (name: string, password = PASSWORD) => api.anyone.post('/auth/login', { login: name, password });

  it('each get their own answer, session and row of evidence, whoever fails beside them', async () => {
    const admin = await api.admin();
    const users = await registered(40);
    const banned = users.slice(0, 5);
    for (const { id } of banned) await admin.post(`/admin/users/${id}/ban`, { scope: 'sign-in', reason: 'ticket 4711' }).expect(200);
    const tries = [
      ...users.map(({ id, username }) => ({ id, name: username, password: PASSWORD, status: banned.some((one) => one.id === id) ? 403 : 200 })),
      ...users.slice(0, 20).map(({ id, username }) => ({ id, name: username, password: 'not the password 17', status: 401 })),
      ...Array.from({ length: 20 }, () => ({ id: undefined, name: uniqueName('nobody'), password: PASSWORD, status: 401 })),
    ];
    const answers = await Promise.all(tries.map(({ name, password }) => login(name, password)));
    expect(answers.map(({ status }) => status)).toEqual(tries.map(({ status }) => status));
    const signedIn = answers.flatMap(({ status, body }, index) => (status === 200 ? [{ body, id: tries[index]!.id }] : []));
    const seen = await Promise.all(signedIn.map(({ body }) => api.with(body.accessToken).get('/auth/me').expect(200)));
    expect(seen.map(({ body }) => body.user.id)).toEqual(signedIn.map(({ id }) => id));
    expect(new Set(seen.map(({ body }) => body.session.id)).size).toBe(signedIn.length);
    const rows = await api.db.findBy(LoginAudit, { username: In(tries.map(({ name }) => name)) });
    const evidence = ({ name, ok, id }: { name: string; ok: boolean; id: string | null | undefined }): string => JSON.stringify([name, ok, id ?? null]);
    expect(rows.map(({ username, ok, principalId }) => evidence({ name: username, ok: Boolean(ok), id: principalId })).sort()).toEqual(tries.map(({ name, status, id }) => evidence({ name, ok: status === 200, id })).sort());
    expect(await api.db.countBy(LoginAudit, { ok: true, kind: 'user' })).toBe(await api.db.countBy(Session, { kind: 'user' }));
  });

  it('lets all in but whom a ban or another password overtakes at that moment, and tells those why', async () => {
    const users = await registered(12);
    const [banned, changed] = [users[3]!, users[7]!];
    let answers: Promise<Response[]> | undefined;
    const reads = jest.spyOn(api.app.get(EvidenceLookup), 'find');
    await api.db.transaction(async (tx) => {
      await tx.update(User, { id: banned.id }, { status: UserStatus.Banned });
      await tx.update(Credential, { principalId: changed.id }, { changedAt: new Date(api.clock.millis() + 1000) });
      answers = Promise.all(users.map(async ({ username }) => login(username)));
      // The embedded engine has one connection: there they wait before they have read anything.
      if (MYSQL_URL) {
        // Who reads after the commit is not overtaken, and one who waits says nothing of the others.
        await until(async () => reads.mock.calls.length >= users.length && (await areWaiting()));
        await Promise.all(reads.mock.results.map(({ value }) => value as Promise<unknown>));
      }
    });
    reads.mockRestore();
    const told = await answers!;
    const expected = users.map((user) => (user === banned ? 403 : user === changed && MYSQL_URL ? 403 : 200));
    expect(told.map(({ status }) => status)).toEqual(expected);
    if (MYSQL_URL) expect(told[7]!.body).toMatchObject({ code: 'auth.password-changed' });
    expect(await api.db.countBy(Session, { principalId: banned.id })).toBe(0);
    expect(await api.db.findOneBy(LoginAudit, { principalId: banned.id })).toMatchObject({ ok: false });
  });

  /** Whether somebody waits for a row in this database that somebody else holds. */
  async function areWaiting(): Promise<boolean> {
    const [row]: { waiting: string }[] = await api.db.query("SELECT COUNT(*) AS waiting FROM performance_schema.data_locks WHERE object_schema = DATABASE() AND lock_status = 'WAITING'");
    return Number(row!.waiting) > 0;
  }
});
