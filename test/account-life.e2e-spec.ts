import { jest } from '@jest/globals';
import { hashSync } from 'bcryptjs';
import { IsNull } from 'typeorm';
import { Permission } from '../src/access/permission.js';
import { ApiKey } from '../src/api-keys/api-key.entity.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { SYSTEM } from '../src/audit/audit.service.js';
import { AccountRemoval } from '../src/auth/account/account-removal.js';
import { Bans } from '../src/auth/account/bans.js';
import { Session } from '../src/auth/sessions/session.entity.js';
import { MessageLogKey } from '../src/message-logs/message-log.entity.js';
import { Change } from '../src/platform/changes/change.entity.js';
import { Changes } from '../src/platform/changes/changes.js';
import { OutgoingMail } from '../src/platform/mail/outgoing-mail.entity.js';
import { BanScope } from '../src/users/bans.js';
import { DeletedUser } from '../src/users/deleted-user.entity.js';
import { Erasure, OwnedRows } from '../src/users/erasure/erasure.js';
import { UserErasure } from '../src/users/erasure/user-erasure.js';
import { Principal } from '../src/users/principal.entity.js';
import { User } from '../src/users/user.entity.js';
import { Api, type Caller, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';

const REASON = { reason: 'a test' };
const DAY = 86_400;

describe('the life of an account', () => {
  let api: Api;
  let admin: Caller;
  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
  });
  afterAll(() => api.close());

  const removal = (): AccountRemoval => api.app.get(AccountRemoval);
  const signIn = (user: SignedInCaller['user'], password = PASSWORD) => api.anyone.post('/auth/login', { login: user.username, password });
  const register = (user: { username: string; email: string }) => api.anyone.post('/auth/register', { username: user.username, email: user.email, password: PASSWORD });
  const remove = (user: SignedInCaller) => user.delete('/users/me', { password: PASSWORD }).expect(200);
  const living = (id: string): Promise<number> => api.db.countBy(Session, { principalId: id, endedAt: IsNull() });

  describe('deletion', () => {
    it('asks for the password, and a wrong one deletes nothing', async () => {
      const ada = await api.signedIn();
      expect((await ada.delete('/users/me', { password: 'not the password' }).expect(403)).body.code).toBe('auth.wrong-password');
      await ada.delete('/users/me', {}).expect(400);
      await ada.get('/users/me').expect(200);
    });

    it('moves the whole row, with all that was known of the user', async () => {
      const ada = await api.signedIn();
      await ada.patch('/users/me', { name: 'Ada Lovelace' }).expect(200);
      await ada.put('/users/me/preferences', { timeZone: 'Europe/Berlin', custom: { colour: 'red' } }).expect(200);
      await api.db.update(User, { id: ada.user.id }, { emailVerifiedAt: api.clock.now() });
      const before = await api.db.findOneByOrFail(User, { id: ada.user.id });
      const { body } = await remove(ada);
      expect(body).toEqual({ id: ada.user.id, deletedAt: api.clock.now().toISOString(), purgeAfter: new Date(api.clock.millis() + 30 * DAY * 1000).toISOString() });
      expect(await api.db.existsBy(User, { id: ada.user.id })).toBe(false);
      expect(await api.db.findOneByOrFail(DeletedUser, { id: ada.user.id })).toMatchObject({ ...before, deletedByKind: 'user', deletedById: ada.user.id, erasingAt: null });
    });

    it('ends sessions and keys at once, and a deleted user is answered like one who never was', async () => {
      const ada = await api.signedIn();
      const key = await api.withKey(ada);
      await remove(ada);
      await ada.get('/users/me').expect(401);
      await key.get('/users/me').expect(401);
      await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(401);
      const deleted = await signIn(ada.user).expect(401);
      const unknown = await signIn({ ...ada.user, username: uniqueName() }).expect(401);
      expect({ ...deleted.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
      expect(await api.db.countBy(ApiKey, { ownerId: ada.user.id })).toBe(0);
      expect(await living(ada.user.id)).toBe(0);
    });

    it('is audited, tells the user and every process', async () => {
      const ada = await api.signedIn();
      const mails = await api.db.countBy(OutgoingMail, { principalId: ada.user.id });
      await admin.delete(`/admin/users/${ada.user.id}`, { reason: 'asked for by post' }).expect(200);
      const [event] = await api.db.findBy(AuditEvent, { targetId: ada.user.id, action: 'users.delete' });
      expect(event).toMatchObject({ actorKind: 'admin', reason: 'asked for by post' });
      expect(await api.db.countBy(OutgoingMail, { principalId: ada.user.id })).toBe(mails + 1);
      expect(await api.db.countBy(Change, { subject: ada.user.id, topic: 'principal-changed' })).toBe(1);
    });

    it('happens once when twenty ask for it at once', async () => {
      const ada = await api.signedIn();
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => removal().delete(SYSTEM, ada.user.id, 'a test')));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await api.db.countBy(AuditEvent, { targetId: ada.user.id, action: 'users.delete' })).toBe(1);
    });

    it('leaves no living session to any of twenty who sign in at the same moment', async () => {
      for (let round = 0; round < 5; round += 1) {
        const ada = await api.signedIn();
        const [, ...answers] = await Promise.all([removal().delete(SYSTEM, ada.user.id, 'a test'), ...Array.from({ length: 20 }, () => signIn(ada.user))]);
        expect(await living(ada.user.id)).toBe(0);
        for (const { status, body } of answers) {
          expect([200, 401, 403, 429]).toContain(status);
          if (status === 200) await api.with(body.accessToken as string).get('/users/me').expect(401);
        }
      }
    });
  });

  describe('names', () => {
    it('stay reserved while the user can be restored, also against renaming', async () => {
      const ada = await api.signedIn();
      await remove(ada);
      expect((await register({ ...ada.user, email: `${uniqueName()}@example.org` }).expect(409)).body.errors).toHaveProperty('username');
      expect((await register({ ...ada.user, username: uniqueName() }).expect(409)).body.errors).toHaveProperty('email');
      const bob = await api.signedIn();
      await bob.patch('/users/me', { username: ada.user.username.toUpperCase() }).expect(409);
      expect((await bob.get('/users/me').expect(200)).body.username).toBe(bob.user.username);
    });

    it('belong to one at any time, while twenty register them and their owner is deleted, restored and erased', async () => {
      const ada = await api.signedIn();
      const fates = [
        () => removal().delete(SYSTEM, ada.user.id, 'a test'),
        () => removal().restore(SYSTEM, ada.user.id, 'a test'),
        () => removal().erase(SYSTEM, ada.user.id, 'a test'),
      ];
      for (const fate of fates) {
        const isFree = fate === fates[2];
        const answers = await Promise.all([...Array.from({ length: 10 }, () => register(ada.user)), fate().then(() => undefined), ...Array.from({ length: 10 }, () => register(ada.user))]);
        const won = answers.filter((answer) => answer?.status === 201).length;
        expect(won).toBeLessThanOrEqual(isFree ? 1 : 0);
        for (const answer of answers) if (answer) expect([201, 409]).toContain(answer.status);
        const holders = (await api.db.countBy(User, { username: ada.user.username })) + (await api.db.countBy(DeletedUser, { username: ada.user.username }));
        expect(holders).toBe(isFree ? won : 1);
      }
    });

    it('are free again right after the user was erased', async () => {
      const ada = await api.signedIn();
      await admin.post(`/admin/users/${ada.user.id}/erase`, { ...REASON, confirm: ada.user.username }).expect(200);
      const { body } = await register(ada.user).expect(201);
      expect(body.user.id).not.toBe(ada.user.id);
    });
  });

  describe('restoring', () => {
    it('brings back the same user with all that was theirs, but no session and no key', async () => {
      const ada = await api.signedIn();
      const key = await api.withKey(ada);
      await key.post('/message-logs', { id: 'kept', model: 'm', messages: [{ role: 'user', content: 'remember me' }] }).expect(202);
      await key.post('/usage/consume', { conversations: 3 }).expect(200);
      const before = await api.db.findOneByOrFail(User, { id: ada.user.id });
      await remove(ada);
      const { body } = await admin.post(`/admin/users/${ada.user.id}/restore`, REASON).expect(200);
      expect(body).toMatchObject({ id: ada.user.id, username: ada.user.username, status: 'active' });
      expect(await api.db.findOneByOrFail(User, { id: ada.user.id })).toEqual(before);
      await ada.get('/users/me').expect(401);
      await key.get('/users/me').expect(401);
      const { body: back } = await signIn(ada.user).expect(200);
      const again = api.with(back.accessToken);
      expect((await again.get('/message-logs/kept').expect(200)).body.messages[0].content).toBe('remember me');
      expect((await again.get('/usage').expect(200)).body.limits[0]).toMatchObject({ used: 3 });
      expect(await api.db.countBy(AuditEvent, { targetId: ada.user.id, action: 'users.restore' })).toBe(1);
    });

    it('is won by one of twenty at once', async () => {
      const ada = await api.signedIn();
      await remove(ada);
      const answers = await Promise.all(Array.from({ length: 20 }, () => admin.post(`/admin/users/${ada.user.id}/restore`, REASON)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 404)]);
    });

    it('finds nobody who was never deleted, or who is being erased', async () => {
      const ada = await api.signedIn();
      await admin.post(`/admin/users/${ada.user.id}/restore`, REASON).expect(404);
      await remove(ada);
      await api.db.update(DeletedUser, { id: ada.user.id }, { erasingAt: api.clock.now() });
      await admin.post(`/admin/users/${ada.user.id}/restore`, REASON).expect(404);
    });
  });

  describe('banning', () => {
    it('ends sessions and refuses keys at once, and is told after the right password only', async () => {
      const ada = await api.signedIn();
      const key = await api.withKey(ada);
      const until = new Date(api.clock.millis() + DAY * 1000).toISOString();
      const { body } = await admin.post(`/admin/users/${ada.user.id}/ban`, { ...REASON, until }).expect(200);
      expect(body).toMatchObject({ status: 'banned', bannedUntil: until });
      await ada.get('/users/me').expect(401);
      await key.get('/users/me').expect(401);
      await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(401);
      expect((await signIn(ada.user, 'not the password').expect(401)).body.code).toBe('auth.invalid-credentials');
      expect((await signIn(ada.user).expect(403)).body).toMatchObject({ code: 'auth.banned', until });
      expect(await api.db.countBy(AuditEvent, { targetId: ada.user.id, action: 'users.ban', reason: REASON.reason })).toBe(1);
    });

    it('is lifted by unban, which leaves the sessions dead', async () => {
      const ada = await api.signedIn();
      const key = await api.withKey(ada);
      await admin.post(`/admin/users/${ada.user.id}/ban`, REASON).expect(200);
      expect((await admin.post(`/admin/users/${ada.user.id}/unban`, REASON).expect(200)).body).toMatchObject({ status: 'active', bannedUntil: null });
      await key.get('/users/me').expect(200);
      await ada.get('/users/me').expect(401);
      await signIn(ada.user).expect(200);
    });

    it('leaves no living session to any of twenty who sign in at the same moment', async () => {
      for (let round = 0; round < 5; round += 1) {
        const ada = await api.signedIn();
        const [, ...answers] = await Promise.all([api.app.get(Bans).ban(SYSTEM, ada.user.id, { scope: BanScope.SignIn, until: null, reason: 'a test' }), ...Array.from({ length: 20 }, () => signIn(ada.user))]);
        expect(await living(ada.user.id)).toBe(0);
        for (const { status, body } of answers) {
          expect([200, 403, 429]).toContain(status);
          if (status === 200) await api.with(body.accessToken as string).get('/users/me').expect(401);
        }
      }
    });

    it('survives deletion and restoring', async () => {
      const ada = await api.signedIn();
      await admin.post(`/admin/users/${ada.user.id}/ban`, REASON).expect(200);
      await admin.delete(`/admin/users/${ada.user.id}`, REASON).expect(200);
      expect((await admin.post(`/admin/users/${ada.user.id}/restore`, REASON).expect(200)).body.status).toBe('banned');
    });

    it('is refused with an end in the past, an unknown scope or no reason', async () => {
      const ada = await api.signedIn();
      await admin.post(`/admin/users/${ada.user.id}/ban`, { ...REASON, until: '2020-01-01T00:00:00Z' }).expect(400);
      await admin.post(`/admin/users/${ada.user.id}/ban`, { ...REASON, scope: 'everything' }).expect(400);
      await admin.post(`/admin/users/${ada.user.id}/ban`, {}).expect(400);
      await ada.get('/users/me').expect(200);
    });
  });

  describe('administrators', () => {
    it('make users, with a password or without', async () => {
      const user = { username: uniqueName(), email: `${uniqueName()}@example.org` };
      const { body } = await admin.post('/admin/users', { ...user, password: PASSWORD, name: 'Ada' }).expect(201);
      expect(body).toMatchObject({ ...user, name: 'Ada', status: 'active', emailVerified: false });
      expect((await admin.get(`/admin/users/${body.id}`).expect(200)).body).toEqual(body);
      await signIn({ ...body }).expect(200);
      await admin.post('/admin/users', user).expect(409);
      const { body: mute } = await admin.post('/admin/users', { username: uniqueName(), email: `${uniqueName()}@example.org`, status: 'banned' }).expect(201);
      expect(mute.status).toBe('banned');
      await signIn({ ...mute }, '').expect(401);
    });

    it('bring users along with the password hash of another system, but not with just any text', async () => {
      const user = { username: uniqueName(), email: `${uniqueName()}@example.org` };
      const passwordHash = hashSync(PASSWORD, 10);
      for (const wrong of ['plain text', '$2b$31$toocostly', '$1$md5$abc']) await admin.post('/admin/users', { ...user, passwordHash: wrong }).expect(400);
      await admin.post('/admin/users', { ...user, passwordHash, password: PASSWORD }).expect(400);
      const { body } = await admin.post('/admin/users', { ...user, passwordHash }).expect(201);
      await signIn({ ...body }).expect(200);
      expect(JSON.stringify(await api.db.findBy(AuditEvent, { targetId: body.id }))).not.toContain(passwordHash);
    });

    it('sign users out everywhere', async () => {
      const ada = await api.signedIn();
      expect((await admin.post(`/admin/users/${ada.user.id}/end-sessions`, REASON).expect(200)).body).toEqual({ id: ada.user.id, ended: 1 });
      await ada.get('/users/me').expect(401);
      await signIn(ada.user).expect(200);
    });

    it('see whom they can restore', async () => {
      const ada = await api.signedIn();
      await remove(ada);
      const { body } = await admin.get('/admin/deleted-users').expect(200);
      expect(body[0]).toMatchObject({ id: expect.any(String), restorable: true });
      expect((body as { id: string }[]).some(({ id }) => id === ada.user.id)).toBe(true);
    });

    it('alone can do any of this', async () => {
      const ada = await api.signedIn();
      const bob = await api.signedIn();
      const { id } = ada.user;
      for (const path of ['ban', 'unban', 'restore', 'erase', 'end-sessions']) await bob.post(`/admin/users/${id}/${path}`, { ...REASON, confirm: ada.user.username }).expect(401);
      await bob.get(`/admin/users/${id}`).expect(401);
      await bob.delete(`/admin/users/${id}`, REASON).expect(401);
      await bob.get('/admin/deleted-users').expect(401);
      await ada.get('/users/me').expect(200);
    });

    it('hear of nobody under an id that nobody has', async () => {
      const id = '0190f3f3-0000-7000-8000-000000000000';
      for (const path of ['ban', 'unban', 'restore', 'end-sessions']) await admin.post(`/admin/users/${id}/${path}`, REASON).expect(404);
      await admin.post(`/admin/users/${id}/erase`, { ...REASON, confirm: 'nobody' }).expect(404);
      await admin.get(`/admin/users/${id}`).expect(404);
      await admin.delete(`/admin/users/${id}`, REASON).expect(404);
    });
  });

  describe('erasing', () => {
    it('wants the username typed again', async () => {
      const ada = await api.signedIn();
      expect((await admin.post(`/admin/users/${ada.user.id}/erase`, { ...REASON, confirm: 'someone' }).expect(409)).body.code).toBe('users.not-confirmed');
      await ada.get('/users/me').expect(200);
    });
  });
});

describe('time', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('ends a ban, without any job', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    await api.app.get(Bans).ban(SYSTEM, ada.user.id, { scope: BanScope.SignIn, until: new Date(api.clock.millis() + DAY * 1000), reason: 'a test' });
    await api.anyone.post('/auth/login', { login: ada.user.username, password: PASSWORD }).expect(403);
    api.clock.advanceSeconds(DAY);
    await api.anyone.post('/auth/login', { login: ada.user.username, password: PASSWORD }).expect(200);
    await key.get('/users/me').expect(200);
    await ada.get('/users/me').expect(401);
  });

  it('lets a deleted user be erased, not a second before', async () => {
    const ada = await api.signedIn();
    await ada.delete('/users/me', { password: PASSWORD }).expect(200);
    api.clock.advanceSeconds(30 * DAY - 1);
    expect(await api.app.get(UserErasure).purge()).toMatchObject({ users: 0 });
    api.clock.advanceSeconds(1);
    expect(await api.app.get(UserErasure).purge()).toMatchObject({ users: 1 });
    expect(await api.db.existsBy(Principal, { id: ada.user.id })).toBe(false);
    expect(await api.db.countBy(AuditEvent, { targetId: ada.user.id, action: 'users.erase' })).toBe(1);
    expect(await api.app.get(UserErasure).purge()).toMatchObject({ users: 0 });
  });
});

describe('erasing for good', () => {
  let api: Api;
  let admin: Caller;
  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
  });
  afterAll(() => api.close());

  const erasure = (): UserErasure => api.app.get(UserErasure);
  const parts = (): Erasure => api.app.get(Erasure);
  const due = async (user: SignedInCaller): Promise<void> => {
    await user.delete('/users/me', { password: PASSWORD }).expect(200);
    await api.db.update(DeletedUser, { id: user.user.id }, { purgeAfter: api.clock.now() });
  };
  const lively = async (): Promise<SignedInCaller> => {
    const user = await api.signedIn();
    const key = await api.withKey(user, { name: 'my notebook' });
    await key.post('/usage/consume', { conversations: 2 }).expect(200);
    await key.post('/usage/reservations', { conversations: 1, ttlSeconds: 60 }).expect(201);
    const items = Array.from({ length: 450 }, (_, index) => ({ id: `log-${index}`, model: 'm', messages: [{ role: 'user', content: 'forget me' }] }));
    await key.post('/message-logs', { items }).expect(202);
    return user;
  };
  /** Every row of every table as text. */
  const everything = async (): Promise<string> => {
    const tables = api.db.dataSource.entityMetadatas.map(({ tableName }) => tableName);
    return (await Promise.all(tables.map(async (name) => `${name} ${JSON.stringify(await api.db.query(`SELECT * FROM ${name}`))}`))).join('\n');
  };

  it('leaves nothing that tells of the user but the id, and the audit of what was done', async () => {
    const ada = await lively();
    const { id, username, email } = ada.user;
    await due(ada);
    await api.anyone.post('/auth/login', { login: email, password: PASSWORD }).expect(401);
    expect(await everything()).toContain(username);
    expect(await erasure().purge()).toMatchObject({ users: 1 });
    const left = await everything();
    for (const personal of [username, email, 'my notebook']) expect(left).not.toContain(personal);
    expect(await parts().count(id)).toEqual({});
    expect(left.split('\n').filter((line) => line.includes(id)).map((line) => line.split(' ', 1)[0]).sort()).toEqual(['audit_events', 'changes', 'erased_users']);
    const events = await api.db.findBy(AuditEvent, { targetId: id });
    expect(events.map(({ action }) => action)).toEqual(expect.arrayContaining(['users.register', 'users.delete', 'users.erase']));
    expect(events.find(({ action }) => action === 'users.erase')?.after).toMatchObject({ message_logs: 450, message_log_keys: 450 });
    await admin.post(`/admin/users/${id}/restore`, REASON).expect(404);
  });

  it('is told beforehand by a dry run, which touches nothing', async () => {
    const ada = await lively();
    await due(ada);
    const before = await parts().count(ada.user.id);
    const plans = [];
    for await (const plan of erasure().plan()) plans.push(plan);
    expect(plans.map(({ user, rows }) => ({ id: user.id, rows }))).toEqual([{ id: ada.user.id, rows: before }]);
    expect(before).toMatchObject({ message_logs: 450, sessions: 1, credentials: 1, usage_accounts: 1 });
    expect(await parts().count(ada.user.id)).toEqual(before);
    await admin.post(`/admin/users/${ada.user.id}/restore`, REASON).expect(200);
  });

  it('goes on where it was broken off, and until then nobody comes back and no name is free', async () => {
    const ada = await lively();
    await due(ada);
    const real = OwnedRows.prototype.erase;
    const broken = jest.spyOn(OwnedRows.prototype, 'erase').mockImplementation(function (this: OwnedRows, userId: string) {
      if (this.table === 'message_log_keys') throw new Error('the plug was pulled');
      return real.call(this, userId);
    });
    await expect(erasure().purge()).rejects.toThrow('the plug was pulled');
    broken.mockRestore();
    await admin.post(`/admin/users/${ada.user.id}/restore`, REASON).expect(404);
    await api.anyone.post('/auth/register', { username: ada.user.username, email: ada.user.email, password: PASSWORD }).expect(409);
    expect(await erasure().purge()).toMatchObject({ users: 1 });
    expect(await parts().count(ada.user.id)).toEqual({});
    await api.anyone.post('/auth/register', { username: ada.user.username, email: ada.user.email, password: PASSWORD }).expect(201);
    expect(await erasure().purge()).toMatchObject({ users: 0 });
  });

  it('happens once when twenty do it at once', async () => {
    const ada = await lively();
    await due(ada);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => erasure().erase(SYSTEM, ada.user.id)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value !== undefined)).toHaveLength(1);
    expect(await api.db.countBy(AuditEvent, { targetId: ada.user.id, action: 'users.erase' })).toBe(1);
  });

  it('takes what arrived late as well', async () => {
    const ada = await lively();
    const { id } = ada.user;
    await due(ada);
    await erasure().purge();
    await api.db.insert(MessageLogKey, { userId: id, clientId: 'from the spool', logId: id });
    expect(await erasure().purge()).toEqual({ users: 0, late_rows: 1 });
    expect(await parts().count(id)).toEqual({});
  });

  it('finds no open door meanwhile: a service key can neither write nor read a deleted user’s text', async () => {
    const service = await api.serviceKey(Permission.MessagesRead, Permission.MessagesWrite, Permission.UsageConsume);
    const ada = await lively();
    await service.post('/message-logs', { userId: ada.user.id, model: 'm', messages: [{ role: 'user', content: 'before' }] }).expect(202);
    await due(ada);
    await api.app.get(Changes).poll();
    await service.post('/message-logs', { userId: ada.user.id, model: 'm', messages: [{ role: 'user', content: 'after' }] }).expect(404);
    await service.post('/usage/consume', { userId: ada.user.id, conversations: 1 }).expect(404);
    const { body } = await service.get(`/message-logs?userId=${ada.user.id}&include=messages`).expect(200);
    expect(JSON.stringify(body)).not.toContain('forget me');
  });
});
