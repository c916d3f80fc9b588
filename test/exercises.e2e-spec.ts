import { Exercise } from '../src/study/exercises/exercise.entity.js';
import { Review } from '../src/study/exercises/review.entity.js';
import type { Api } from './support/api.js';
import { type Shown, Study } from './support/study.js';

describe('exercises', () => {
  let study: Study;
  let api: Api;
  beforeAll(async () => {
    study = await Study.start();
    ({ api } = study);
  });
  afterAll(() => study.close());
  beforeEach(() => study.begin());

  const shown = async (documentId: string): Promise<Shown> => (await study.me.post('/exercises', { documentId, question: 'What is entropy?', answer: 'A measure.', firstPage: 2, lastPage: 3 }).expect(201)).body as Shown;
  const due = async (): Promise<{ data: Shown[]; total: number }> => (await study.me.get('/exercises/due').expect(200)).body as { data: Shown[]; total: number };

  it('are due at once, then when they are about to be forgotten, from midnight of the user’s day', async () => {
    const { id } = await shown((await study.documentOf(study.user.user.id)).id);
    expect(await due()).toMatchObject({ total: 1, data: [{ id, state: 'new' }] });
    const { body } = await study.me.post(`/exercises/${id}/reviews`, { grade: 4, version: 1, seconds: 12 }).expect(201);
    const { dueAt, state } = body as Shown;
    expect([state, dueAt.slice(10)]).toEqual(['review', 'T00:00:00.000Z']);
    expect((await due()).total).toBe(0);
    api.clock.set(dueAt);
    api.clock.advanceSeconds(-1);
    expect((await due()).total).toBe(0);
    api.clock.advanceSeconds(1);
    expect((await due()).total).toBe(1);
  });

  it('take one of 20 answers to one showing', async () => {
    const { id } = await shown((await study.documentOf(study.user.user.id)).id);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => study.me.post(`/exercises/${id}/reviews`, { grade: (index % 4) + 1, version: 1 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'study.reviewed-meanwhile', version: 2 });
    expect(await api.db.countBy(Review, { exerciseId: id })).toBe(1);
  });

  it('are as they were once an answer is taken back, answer by answer, and the log keeps them all', async () => {
    const { id } = await shown((await study.documentOf(study.user.user.id)).id);
    const states: object[] = [];
    const memory = async (): Promise<object> => {
      const { state, dueAt, stability, difficulty, repetitions, lapses, reviewedAt } = await api.db.findOneByOrFail(Exercise, { id });
      return { state, dueAt, stability, difficulty, repetitions, lapses, reviewedAt };
    };
    for (const [index, grade] of [3, 3, 1].entries()) {
      states.push(await memory());
      await study.me.post(`/exercises/${id}/reviews`, { grade, version: index + 1 }).expect(201);
      study.tomorrow();
    }
    for (const before of states.reverse()) {
      await study.me.post(`/exercises/${id}/undo`).expect(200);
      expect(await memory()).toEqual(before);
    }
    expect((await study.me.post(`/exercises/${id}/undo`).expect(409)).body).toMatchObject({ code: 'study.nothing-to-undo' });
    await study.me.post(`/exercises/${id}/reviews`, { grade: 2, version: 7 }).expect(201);
    const { body } = await study.me.get('/exercises/reviews').expect(200);
    const log = (body as { data: { number: number; undoneAt: string | null }[] }).data;
    expect(log.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4]);
    expect(log.filter(({ undoneAt }) => undoneAt === null)).toMatchObject([{ number: 4, grade: 2 }]);
    await study.me.delete(`/exercises/${id}`).expect(200);
    expect(((await study.me.get('/exercises/reviews').expect(200)).body as { data: object[] }).data).toHaveLength(4);
  });

  it('are held to the document’s pages and to grades from 1 to 4', async () => {
    const { id: documentId } = await study.documentOf(study.user.user.id, { pages: 3 });
    for (const range of [{ firstPage: 2, lastPage: 4 }, { firstPage: 3, lastPage: 2 }, { lastPage: 2 }]) await study.me.post('/exercises', { documentId, question: 'Why?', ...range }).expect(422);
    const { id } = await shown(documentId);
    for (const answer of [{ grade: 0, version: 1 }, { grade: 5, version: 1 }, { grade: 3 }, { grade: 2.5, version: 1 }]) await study.me.post(`/exercises/${id}/reviews`, answer).expect(400);
  });
});
