import { StaffLevel } from '../src/access/permission.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { Api, type SignedInCaller } from './support/api.js';

const WHY = encodeURIComponent('Ticket 4711, the user’s own wish');

describe('other people’s message logs', () => {
  let api: Api;
  let admin: SignedInCaller;
  let lead: SignedInCaller;
  let ada: SignedInCaller;
  let bob: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    [admin, lead, ada, bob] = [await api.admin(), await api.staff(StaffLevel.Lead), await api.signedIn(), await api.signedIn()];
    for (const [index, [user, model]] of ([[ada, 'small'], [ada, 'large'], [bob, 'small'], [ada, 'small']] as const).entries()) {
      const log = { id: `chat-${index}`, conversationId: `talk-${index % 2}`, model, createdAt: `2026-03-0${1 + (index % 2)}T10:00:00Z`, messages: [{ role: 'user', content: `secret ${index}` }], promptTokens: index };
      await user.post('/message-logs', log).expect(202);
    }
  });
  afterAll(() => api.close());

  const listed = async (query: string): Promise<string[]> => ((await admin.get(`/admin/message-logs?${query}`).expect(200)).body as { clientId: string }[]).map(({ clientId }) => clientId);
  const looks = (actor: SignedInCaller) => api.db.find(AuditEvent, { where: { actorId: actor.user.id, action: 'message-logs.look' }, order: { id: 'ASC' } });

  it('are listed to admins without their text, those that arrived last first, by user, conversation, model and time', async () => {
    const { body } = await admin.get('/admin/message-logs').set('x-reason', WHY).expect(200);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(body[0]).toMatchObject({ clientId: 'chat-3', userId: ada.user.id, conversationId: 'talk-1', model: 'small', messageCount: 1, promptTokens: 3, createdAt: '2026-03-02T10:00:00.000Z' });
    expect(await listed('')).toEqual(['chat-3', 'chat-2', 'chat-1', 'chat-0']);
    expect(await listed(`userId=${ada.user.id}`)).toEqual(['chat-3', 'chat-1', 'chat-0']);
    expect(await listed('model=small&conversationId=talk-0')).toEqual(['chat-2', 'chat-0']);
    expect(await listed('createdAt_gte=2026-03-02')).toEqual(['chat-3', 'chat-1']);
    expect(await listed('createdAt_lte=2026-03-01T12:00:00Z&sort=id')).toEqual(['chat-0', 'chat-2']);
    expect(await listed('range=[1,2]')).toEqual(['chat-2', 'chat-1']);
  });

  it('are paged by cursor', async () => {
    const first = await admin.get('/admin/message-logs?limit=3').expect(200);
    const [, next] = /<([^>]*)>; rel="next"/.exec(first.headers.link as string)!;
    expect(((await admin.get(`/admin/message-logs${next!}`).expect(200)).body as { clientId: string }[]).map(({ clientId }) => clientId)).toEqual(['chat-0']);
  });

  it('show their text to an admin for a reason alone; each look is in the audit', async () => {
    const [{ id }] = (await admin.get('/admin/message-logs').expect(200)).body as [{ id: string }];
    expect((await admin.get(`/admin/message-logs/${id}`).expect(200)).body).not.toHaveProperty('messages');
    expect((await admin.get(`/admin/message-logs/${id}`).set('x-reason', '  ').expect(200)).body).not.toHaveProperty('messages');
    expect((await admin.get(`/admin/message-logs/${id}`).set('x-reason', WHY).expect(200)).body).toMatchObject({ id, messages: [{ role: 'user', content: 'secret 3' }] });
    expect((await looks(admin)).map(({ targetId, after, reason }) => ({ targetId, after, reason }))).toEqual([
      { targetId: ada.user.id, after: { messageLogId: id, withText: false }, reason: null },
      { targetId: ada.user.id, after: { messageLogId: id, withText: false }, reason: null },
      { targetId: ada.user.id, after: { messageLogId: id, withText: true }, reason: 'Ticket 4711, the user’s own wish' },
    ]);
  });

  it('are read by a lead, user by user, by the same rule', async () => {
    const { body } = await lead.get(`/staff/users/${ada.user.id}/message-logs?model=small`).expect(200);
    expect(body).toMatchObject({ data: [{ model: 'small', createdAt: '2026-03-02T10:00:00.000Z' }, { createdAt: '2026-03-01T10:00:00.000Z' }], nextCursor: null });
    expect(JSON.stringify(body)).not.toContain('secret');
    const path = `/staff/users/${ada.user.id}/message-logs/${body.data[0].id}`;
    expect((await lead.get(path).expect(200)).body).not.toHaveProperty('messages');
    expect((await lead.get(path).set('x-reason', WHY).expect(200)).body).toMatchObject({ messages: [{ content: 'secret 3' }] });
    expect((await looks(lead)).map(({ after }) => after?.withText)).toEqual([false, true]);
    await lead.get(`/staff/users/${bob.user.id}/message-logs/${body.data[0].id}`).set('x-reason', WHY).expect(404);
  });

  it('are nothing for agents, viewers and users', async () => {
    const agent = await api.staff(StaffLevel.Agent);
    await agent.get(`/staff/users/${ada.user.id}/message-logs`).set('x-reason', WHY).expect(403);
    await lead.get('/admin/message-logs').expect(401);
    await ada.get('/admin/message-logs').expect(401);
  });

  it('say so when the text was erased', async () => {
    const [{ id }] = (await admin.get(`/admin/message-logs?userId=${bob.user.id}`).expect(200)).body as [{ id: string }];
    await api.db.query('DELETE FROM message_texts WHERE id = ?', [id]);
    expect((await admin.get(`/admin/message-logs/${id}`).set('x-reason', WHY).expect(200)).body).toMatchObject({ messages: null });
  });
});
