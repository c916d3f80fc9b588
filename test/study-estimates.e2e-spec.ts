import { Jobs } from '../src/platform/jobs/jobs.js';
import { START } from '../src/study/estimates/pace-model.js';
import { StudyPrior } from '../src/study/estimates/study-prior.entity.js';
import type { Api } from './support/api.js';
import { MINUTE, Study, WORDS_A_PAGE } from './support/study.js';
import { syntheticReaders } from './support/synthetic-readers.js';

interface TimeLeft {
  unit: string;
  units: number;
  lowSeconds: number;
  expectedSeconds: number;
  highSeconds: number;
  sessions: number;
}

interface Judged {
  compared: number;
  coverage: number;
}

describe('an estimate tells how long the rest takes', () => {
  let study: Study;
  let api: Api;
  beforeAll(async () => {
    study = await Study.start();
    ({ api } = study);
  });
  afterAll(() => study.close());
  beforeEach(() => study.begin());

  const estimate = async (id: string): Promise<{ reading: TimeLeft; exercises: TimeLeft | null; habit: object | null; finish: object | null }> => (await study.me.get(`/documents/${id}/estimate`).expect(200)).body;

  it('from what is known of all readers at first, and then from one’s own sessions', async () => {
    const { id: documentId } = await study.documentOf(study.user.user.id);
    const first = await estimate(documentId);
    expect(first).toMatchObject({ reading: { unit: 'word', units: 30_000, sessions: 0 }, exercises: null, habit: null, finish: null });
    expect(first.reading.expectedSeconds).toBeGreaterThan(30_000 / 238 * MINUTE);
    // A quick reader: 600 words a minute.
    for (let page = 1; page <= 41; page += 20) {
      await study.studied(10, { firstPage: page, lastPage: page + 19 }, { documentId });
      study.tomorrow();
    }
    const later = await estimate(documentId);
    expect(later).toMatchObject({ progressPage: 60, confidence: 0.8, reading: { units: 12_000, sessions: 3 }, habit: { from: 'document' } });
    expect(later.reading.expectedSeconds).toBeLessThan(first.reading.expectedSeconds * 0.4 * 0.6);
    expect(later.reading.lowSeconds).toBeLessThan(1200);
    expect(later.finish).toMatchObject({ earliest: expect.stringMatching(/^2026-03-/), latest: expect.stringMatching(/^2026-03-/) });
  });

  it('by page where a scan has no words, and from the goal where there is no habit yet', async () => {
    await study.me.patch('/study/preferences', { dailyGoalMinutes: 60 }).expect(200);
    const { id: documentId } = await study.documentOf(study.user.user.id, { words: 0, pages: 50 });
    expect(await estimate(documentId)).toMatchObject({ reading: { unit: 'page', units: 50, sessions: 0 }, habit: { minutesADay: 60, from: 'goal' }, finish: { earliest: '2026-03-02' } });
  });

  it('for exercises at a pace of their own', async () => {
    const { id: documentId } = await study.documentOf(study.user.user.id);
    await study.me.post('/exercises', { documentId, question: 'Why?' }).expect(201);
    expect((await estimate(documentId)).exercises).toMatchObject({ unit: 'exercise', units: 1, sessions: 0 });
    await study.studied(10, { exercises: 2 }, { documentId, kind: 'exercises' });
    const { exercises, reading } = await estimate(documentId);
    expect([exercises!.sessions, reading.sessions]).toEqual([1, 0]);
    expect(exercises!.expectedSeconds).toBeGreaterThan(100);
  });

  it('and how wrong that was: what was expected at each start is held against what came', async () => {
    const { id: documentId } = await study.documentOf(study.user.user.id);
    expect((await study.me.get('/study/estimates/accuracy').expect(200)).body).toMatchObject({ compared: 0, coverage: null, medianError: null });
    const { id } = await study.studied(26, { firstPage: 1, lastPage: 20 }, { documentId });
    const { body } = await study.me.get('/study/estimates/accuracy').expect(200);
    expect(body).toMatchObject({ confidence: 0.8, compared: 1, coverage: 1, latest: [{ sessionId: id, unit: 'word', restedOn: 0, units: 6000, seconds: 1560, covered: true }] });
    expect((body as { latest: { expectedSeconds: number }[] }).latest[0]!.expectedSeconds).toBe(Math.round((6000 / 238) * MINUTE));
    // What came is what the session says now.
    await study.me.patch(`/study-sessions/${id}`, { pages: 1 }).expect(200);
    expect((await study.me.get('/study/estimates/accuracy').expect(200)).body).toMatchObject({ compared: 1, coverage: 0, latest: [{ units: 300 }] });
  });

  it('so that of readers of known pace 72 to 88 of 100 sessions lie within their interval', async () => {
    let covered = 0;
    let compared = 0;
    for (const sessions of syntheticReaders(START.word, 2, { readers: 6, sessions: 15 })) {
      study.me = await api.withKey((study.user = await api.signedIn()));
      const { id: documentId } = await study.documentOf(study.user.user.id);
      for (const { units, ms } of sessions) {
        const pages = Math.round(units / WORDS_A_PAGE);
        await study.studied(((ms / units) * pages * WORDS_A_PAGE) / 60_000, { firstPage: 1, lastPage: pages }, { documentId });
      }
      const { body } = await study.me.get('/study/estimates/accuracy').expect(200);
      compared += (body as Judged).compared;
      covered += (body as Judged).compared * (body as Judged).coverage;
    }
    process.stdout.write(`coverage over HTTP: ${covered.toFixed(0)} of ${compared} sessions\n`);
    expect(compared).toBe(90);
    expect(covered / compared).toBeGreaterThanOrEqual(0.72);
    expect(covered / compared).toBeLessThanOrEqual(0.88);
  });

  it('with a prior that is found anew from all readers each night', async () => {
    const run = await api.app.get(Jobs).run('study.estimate-priors');
    expect(run!.outcome).toBe('succeeded');
    const { mean, betweenSd, withinSd } = await api.db.findOneByOrFail(StudyPrior, { unit: 'word' });
    for (const figure of [mean, betweenSd, withinSd]) expect(Number.isFinite(figure)).toBe(true);
    await api.db.clear(StudyPrior);
  });
});
