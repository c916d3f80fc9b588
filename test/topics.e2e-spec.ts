import { jest } from '@jest/globals';
import { Topic } from '../src/study/topics/topic.entity.js';
import { TopicsService } from '../src/study/topics/topics.service.js';
import type { Api, Caller } from './support/api.js';
import { Documents, fresh } from './support/documents.js';

describe('topics', () => {
  let documents: Documents;
  let api: Api;
  beforeAll(async () => {
    documents = await Documents.start();
    ({ api } = documents);
  });
  afterAll(() => documents.close());

  const topic = async (user: Caller, name: string, terms: object = {}): Promise<{ id: string; position: number; version: number }> => (await user.post('/topics', { name, ...terms }).expect(201)).body;
  const names = async (user: Caller, query: string): Promise<string> => (await user.get(`/topics?${query}`).expect(200)).body.data.map((each: { name: string }) => each.name).join(' ');

  it('are nested, ordered and coloured; what lies in a removed one moves up', async () => {
    const user = await api.signedIn();
    const maths = await topic(user, 'maths', { colour: '#a0c4ff' });
    const physics = await topic(user, 'physics', { position: 0 });
    expect(await names(user, 'level=top')).toBe('physics maths');
    const algebra = await topic(user, 'algebra', { parentId: maths.id });
    await topic(user, 'groups', { parentId: algebra.id });
    const { id } = await documents.uploaded(user, fresh(), { fields: { topicId: algebra.id } });
    await user.patch(`/topics/${physics.id}`, { position: 5, colour: 'red' }).expect(400);
    await user.patch(`/topics/${physics.id}`, { position: 5, name: 'Physics' }).expect(200);
    expect(await names(user, 'level=top')).toBe('maths Physics');
    await user.delete(`/topics/${algebra.id}`).expect(200, { id: algebra.id, name: 'algebra' });
    expect(await names(user, `parentId=${maths.id}`)).toBe('groups');
    expect((await user.get(`/documents/${id}`).expect(200)).body.topicId).toBe(maths.id);
    await user.patch(`/topics/${physics.id}`, { name: 'x' }).set('if-match', '"1"').expect(412);
  });

  it('that go while a document is put into them are not there', async () => {
    const user = await api.signedIn();
    const { id } = await documents.uploaded(user);
    const gone = await topic(user, 'gone');
    const topics = api.app.get(TopicsService);
    const mustOwn = topics.mustOwn.bind(topics);
    // In the request's own transaction: on the embedded engine no other one could come between.
    const removing: typeof mustOwn = async (tx, actor, topicId) => {
      const known = await mustOwn(tx, actor, topicId);
      if (tx.queryRunner) await tx.delete(Topic, { id: topicId });
      return known;
    };
    const found = jest.spyOn(topics, 'mustOwn').mockImplementation(removing);
    const moved = await user.patch(`/documents/${id}`, { topicId: gone.id });
    const added = await documents.upload(user, fresh(), { fields: { topicId: gone.id } });
    found.mockRestore();
    expect([moved.body, added.body]).toMatchObject([{ code: 'topic.not-found', status: 404 }, { code: 'topic.not-found', status: 404 }]);
    expect(await documents.traces(user)).toMatchObject({ documents: 1, loose: 0 });
  });

  it('make no circle, not even by two moves at once, and are not nested without end', async () => {
    const user = await api.signedIn();
    const a = await topic(user, 'a');
    const b = await topic(user, 'b');
    const statuses = (await Promise.all([user.patch(`/topics/${a.id}`, { parentId: b.id }), user.patch(`/topics/${b.id}`, { parentId: a.id })])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 422]);
    expect((await user.patch(`/topics/${a.id}`, { parentId: a.id }).expect(422)).body.code).toBe('topics.cycle');
    let parentId: string | null = null;
    for (let depth = 1; depth <= 8; depth += 1) parentId = (await topic(user, `level ${depth}`, { parentId })).id;
    expect((await user.post('/topics', { name: 'too deep', parentId }).expect(422)).body.code).toBe('topics.too-deep');
  });
});
