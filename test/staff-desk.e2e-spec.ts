import { StaffLevel } from '../src/access/permission.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { Api, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';

const REASON = { reason: 'ticket 4711' };

describe('the desk of staff', () => {
  let api: Api;
  let viewer: SignedInCaller;
  let agent: SignedInCaller;
  let lead: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    [viewer, agent, lead] = [await api.staff(StaffLevel.Viewer), await api.staff(StaffLevel.Agent), await api.staff(StaffLevel.Lead)];
  });
  afterAll(() => api.close());

  const pathOf = ({ user }: SignedInCaller): string => `/staff/users/${user.id}`;
  const signIn = ({ user }: SignedInCaller, password: string) => api.anyone.post('/auth/login', { login: user.username, password });
  const events = (action: string, targetId: string): Promise<AuditEvent[]> => api.db.find(AuditEvent, { where: { action, targetId }, order: { at: 'ASC' } });
  const namesIn = ({ body }: { body: { data: { username: string }[] } }): string[] => body.data.map(({ username }) => username);

  describe('finding users', () => {
    const prefix = uniqueName('find');
    const find = (caller: SignedInCaller, query: string) => caller.get(`/staff/users?${query}`).expect(200);
    beforeAll(async () => {
      for (const name of ['c', 'a', 'B', 'd']) await api.anyone.post('/auth/register', { username: `${prefix}-${name}`, email: `${prefix}-${name}@example.org`, password: PASSWORD }).expect(201);
    });

    it('goes by the beginning of the username, in its order, whatever the case, page by page and back', async () => {
      const names = ['a', 'B', 'c', 'd'].map((name) => `${prefix}-${name}`);
      expect(namesIn(await find(viewer, `search=${prefix.toUpperCase()}`))).toEqual(names);
      const first = await find(viewer, `search=${prefix}&limit=3`);
      const second = await find(viewer, `search=${prefix}&limit=3&cursor=${first.body.nextCursor}`);
      expect([...namesIn(first), ...namesIn(second)]).toEqual(names);
      expect(second.body.nextCursor).toBeNull();
      expect(namesIn(await find(viewer, `search=${prefix}&limit=3&cursor=${second.body.prevCursor}`))).toEqual(names.slice(0, 3));
      expect(namesIn(await find(viewer, `search=${prefix}-no`))).toEqual([]);
    });

    it('goes by the beginning of the e-mail address for those who may read it', async () => {
      expect(namesIn(await find(agent, `search=${prefix}-a@ex`))).toEqual([`${prefix}-a`]);
    });

    it('does not let a viewer find out an address letter by letter: only a whole one finds its user, and no cursor carries one', async () => {
      const domain = `${prefix}-a@example.org`;
      for (let length = prefix.length + 3; length < domain.length; length += 1) expect(namesIn(await find(viewer, `search=${domain.slice(0, length)}`))).toEqual([]);
      const whole = await find(viewer, `search=${domain}`);
      expect(namesIn(whole)).toEqual([`${prefix}-a`]);
      const page = await find(viewer, `search=${prefix}&limit=1`);
      expect(Buffer.from(page.body.nextCursor, 'base64url').toString()).not.toContain('@');
      await viewer.get('/staff/users?sort=email').expect(400);
      await viewer.get(`/staff/users?search=${domain}&sort=email`).expect(400);
    });

    it('takes wildcards as letters, and an empty search as none', async () => {
      expect(namesIn(await find(agent, 'search=%25'))).toEqual([]);
      expect(namesIn(await find(agent, `search=${prefix.slice(0, 3)}_`))).toEqual([]);
      expect(namesIn(await find(agent, 'search=&limit=1'))).toHaveLength(1);
    });

    it('knows who is banned at this moment', async () => {
      const ada = await api.signedIn();
      const until = new Date(api.clock.millis() + 60_000).toISOString();
      await lead.post(`${pathOf(ada)}/ban`, { ...REASON, until }).expect(200);
      const banned = async (): Promise<boolean> => namesIn(await find(viewer, `status=banned&search=${ada.user.username}`)).length === 1;
      const active = async (): Promise<boolean> => namesIn(await find(viewer, `status=active&search=${ada.user.username}`)).length === 1;
      expect([await banned(), await active()]).toEqual([true, false]);
      api.clock.advanceSeconds(60);
      expect([await banned(), await active()]).toEqual([false, true]);
    });
  });

  describe('looking at a user', () => {
    it('shows a viewer masked addresses and networks, and an agent the whole ones', async () => {
      const ada = await api.signedIn();
      await api.anyone.post('/auth/login', { login: ada.user.email, password: 'not the password' }).expect(401);
      const seen = async (caller: SignedInCaller) => ({ user: (await caller.get(pathOf(ada)).expect(200)).body, attempts: (await caller.get(`${pathOf(ada)}/sign-ins`).expect(200)).body.data });
      const [byViewer, byAgent] = [await seen(viewer), await seen(agent)];
      expect(byViewer.user).toMatchObject({ id: ada.user.id, username: ada.user.username, email: 'u***@e***.org' });
      expect(byAgent.user).toMatchObject({ email: ada.user.email });
      expect(byViewer.attempts[0]).toMatchObject({ ok: false, reason: 'wrong-password', ip: '127.0.x.x', username: 'u***@e***.org' });
      expect(byAgent.attempts[0]).toMatchObject({ ip: '127.0.0.1', username: ada.user.email });
      const list = await viewer.get(`/staff/users?search=${ada.user.username}`).expect(200);
      expect(JSON.stringify([byViewer, list.body])).not.toMatch(new RegExp(`${ada.user.email}|127\\.0\\.0`));
      const banned = await lead.post(`${pathOf(ada)}/unban`, REASON).expect(200);
      expect(banned.body.email).toBe(ada.user.email);
    });

    it('leaves a row each time: who, at what, and why if they said so', async () => {
      const ada = await api.signedIn();
      await viewer.get(pathOf(ada)).set('x-reason', encodeURIComponent('Rückfrage, ticket 12')).expect(200);
      await agent.get(`${pathOf(ada)}/sign-ins`).expect(200);
      await agent.get(`${pathOf(ada)}/notes`).expect(200);
      const looks = await events('users.look', ada.user.id);
      expect(looks.map(({ actorId, after, reason }) => JSON.stringify([actorId, after, reason])).sort()).toEqual([
        [viewer.user.id, { at: 'profile' }, 'Rückfrage, ticket 12'], [agent.user.id, { at: 'sign-ins' }, null], [agent.user.id, { at: 'notes' }, null],
      ].map((look) => JSON.stringify(look)).sort());
      await viewer.get(`/staff/users?search=${ada.user.username}`).expect(200);
      const searches = await api.db.findBy(AuditEvent, { action: 'users.search', actorId: viewer.user.id });
      expect(searches.map(({ after }) => after)).toContainEqual({ search: ada.user.username, shown: 1 });
      await viewer.get(pathOf(ada)).set('x-reason', 'x'.repeat(501)).expect(400);
    });

    it('finds nobody under an id that is not a user\'s', async () => {
      for (const path of ['', '/sign-ins', '/notes']) await agent.get(`/staff/users/${agent.user.id}${path}`).expect(404);
      await agent.post(`/staff/users/${agent.user.id}/notes`, { text: 'about a colleague' }).expect(404);
      await lead.post(`/staff/users/${lead.user.id}/ban`, REASON).expect(404);
      await agent.post(`/staff/users/${agent.user.id}/unlock`, REASON).expect(404);
    });
  });

  describe('notes', () => {
    it('are written by agents, read newest first, audited without their text, and in the user\'s export', async () => {
      const ada = await api.signedIn();
      const { body: first } = await agent.post(`${pathOf(ada)}/notes`, { text: 'called\nabout March' }).expect(201);
      await lead.post(`${pathOf(ada)}/notes`, { text: 'answered' }).expect(201);
      const { body } = await agent.get(`${pathOf(ada)}/notes`).expect(200);
      expect(body.data.map(({ text, authorName }: Record<string, string>) => [text, authorName])).toEqual([['answered', lead.user.username], ['called\nabout March', agent.user.username]]);
      const [event] = await events('users.note', ada.user.id);
      expect(event).toMatchObject({ actorId: agent.user.id, after: { note: first.id } });
      await viewer.get(`${pathOf(ada)}/notes`).expect(403);
      for (const text of ['', 'a\u0000b', 'x'.repeat(2001), 7]) await agent.post(`${pathOf(ada)}/notes`, { text }).expect(400);
    });
  });

  describe('helping', () => {
    it('unlocks an account that wrong passwords locked, at once', async () => {
      const ada = await api.signedIn();
      let answer = await signIn(ada, 'wrong password 1');
      for (let n = 0; n < 12 && answer.status !== 429; n += 1) answer = await signIn(ada, 'wrong password 1');
      expect(answer.status).toBe(429);
      expect((await signIn(ada, PASSWORD)).status).toBe(429);
      await viewer.post(`${pathOf(ada)}/unlock`, REASON).expect(403);
      await agent.post(`${pathOf(ada)}/unlock`, {}).expect(400);
      await agent.post(`${pathOf(ada)}/unlock`, REASON).expect(200);
      await signIn(ada, PASSWORD).expect(200);
      expect(await events('users.unlock', ada.user.id)).toMatchObject([{ actorId: agent.user.id, actorKind: 'staff', reason: 'ticket 4711' }]);
    });

    it('does not unlock anybody else', async () => {
      const [ada, bob] = [await api.signedIn(), await api.signedIn()];
      for (let n = 0; n < 12; n += 1) await signIn(bob, 'wrong password 1');
      await agent.post(`${pathOf(ada)}/unlock`, REASON).expect(200);
      expect((await signIn(bob, PASSWORD)).status).toBe(429);
    });

    it('ends sessions, bans, unbans and restores by level, with a reason that stays in the audit', async () => {
      const ada = await api.signedIn();
      await viewer.post(`${pathOf(ada)}/end-sessions`, REASON).expect(403);
      expect((await agent.post(`${pathOf(ada)}/end-sessions`, REASON).expect(200)).body).toEqual({ id: ada.user.id, ended: 1 });
      await ada.get('/users/me').expect(401);
      for (const act of ['ban', 'unban', 'restore']) {
        expect((await agent.post(`${pathOf(ada)}/${act}`, REASON).expect(403)).body.code).toBe('access.missing-permission');
        await lead.post(`${pathOf(ada)}/${act}`, {}).expect(400);
      }
      expect((await lead.post(`${pathOf(ada)}/ban`, REASON).expect(200)).body.status).toBe('banned');
      await signIn(ada, PASSWORD).expect(403);
      expect((await lead.post(`${pathOf(ada)}/unban`, REASON).expect(200)).body.status).toBe('active');
      const { body } = await signIn(ada, PASSWORD).expect(200);
      await api.with(body.accessToken).delete('/users/me', { password: PASSWORD }).expect(200);
      await agent.get(pathOf(ada)).expect(404);
      expect((await lead.post(`${pathOf(ada)}/restore`, REASON).expect(200)).body.username).toBe(ada.user.username);
      for (const action of ['users.end-sessions', 'users.ban', 'users.unban', 'users.restore']) expect(await events(action, ada.user.id)).toMatchObject([{ actorKind: 'staff', reason: 'ticket 4711' }]);
    });
  });
});
