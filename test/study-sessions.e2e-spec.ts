import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiscoveryService } from '@nestjs/core';
import { StaffLevel } from '../src/access/permission.js';
import { type Route, routesOf } from '../src/access/route-rules.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { newId } from '../src/platform/ids/ids.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { StudyDay } from '../src/study/analytics/study-day.entity.js';
import { StudyDays } from '../src/study/analytics/study-days.js';
import { Document } from '../src/study/documents/document.entity.js';
import { DocumentPage } from '../src/study/documents/document-page.entity.js';
import { START } from '../src/study/estimates/pace-model.js';
import { StudyPrior } from '../src/study/estimates/study-prior.entity.js';
import { Exercise } from '../src/study/exercises/exercise.entity.js';
import { Review } from '../src/study/exercises/review.entity.js';
import { StudyInterval } from '../src/study/sessions/study-interval.entity.js';
import { StudySession } from '../src/study/sessions/study-session.entity.js';
import { Topic } from '../src/study/topics/topic.entity.js';
import { Erasure } from '../src/users/erasure/erasure.js';
import { PersonalData } from '../src/users/personal-data/personal-data.js';
import { Api, type Caller, type KeyCaller, PASSWORD, type SignedInCaller } from './support/api.js';
import { FixedClock } from './support/fixed-clock.js';
import { syntheticReaders } from './support/synthetic-readers.js';

interface Session {
  id: string;
  status: string;
  origin: string;
  startedAt: string;
  finishedAt: string | null;
  activeSeconds: number;
  pages: number | null;
  words: number | null;
  exercises: number | null;
  intervals: { startedAt: string; endedAt: string | null; endedBy: string | null }[];
  version: number;
}

interface Shown {
  id: string;
  version: number;
  state: string;
  dueAt: string;
}

interface TimeLeft {
  unit: string;
  units: number;
  lowSeconds: number;
  expectedSeconds: number;
  highSeconds: number;
  sessions: number;
}

interface Analytics {
  days: { day: string; seconds: number; heat: number }[];
  total: { seconds: number; pages: number; words: number; pagesPerHour: number | null };
  streak: object;
}

interface Judged {
  compared: number;
  coverage: number;
}

const MINUTE = 60;
const DAY = 86_400;
const WORDS_A_PAGE = 300;

describe('study time', () => {
  let api: Api;
  let user: SignedInCaller;
  let me: KeyCaller;
  const clock = new FixedClock('2026-03-02T12:00:00Z');
  beforeAll(async () => {
    api = await Api.start({}, clock);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    clock.set('2026-03-02T12:00:00Z');
    user = await api.signedIn();
    me = await api.withKey(user);
  });

  /** As an upload would leave it. */
  async function documentOf(ownerId: string, { pages = 100, words = WORDS_A_PAGE, topicId = null as string | null, title = 'Thermodynamics' } = {}): Promise<Document> {
    const now = clock.now();
    const fileId = newId();
    const document = Object.assign(new Document(), {
      ownerId, topicId, title, titleKey: title.toLowerCase(), fileName: 'a.pdf', fileId, sha256: createHash('sha256').update(fileId).digest('hex'), bytes: 1000, pages,
      words: pages * words, pagesWithText: words === 0 ? 0 : pages, state: 'ready', createdAt: now, updatedAt: now,
    });
    await api.db.insert(Document, document);
    await api.db.insert(DocumentPage, Array.from({ length: words === 0 ? 0 : pages }, (_, index) => ({ documentId: document.id, number: index + 1, words, text: '', searchText: '' })));
    return document;
  }

  const start = async (by: Caller = me, request: object = {}): Promise<Session> => (await by.post('/study-sessions', request).expect(201)).body as Session;
  const finish = async (id: string, done: object = {}, by: Caller = me): Promise<Session> => (await by.post(`/study-sessions/${id}/finish`, done).expect(200)).body as Session;
  const analytics = async (query = '', by: Caller = me): Promise<Analytics> => (await by.get(`/study/analytics${query}`).expect(200)).body as Analytics;
  const manual = (startedAt: string, finishedAt: string, more: object = {}, by: Caller = me) => by.post('/study-sessions/manual', { startedAt, finishedAt, ...more });
  const tomorrow = (seconds = 0): void => clock.advanceSeconds(DAY + seconds);

  /** Reads for so long, with a sign of life each five minutes. */
  async function studied(minutes: number, done: object = {}, request: object = {}): Promise<Session> {
    const { id } = await start(me, request);
    for (let passed = 0; passed < minutes; passed += 5) {
      clock.advanceSeconds(Math.min(5, minutes - passed) * MINUTE);
      await me.post(`/study-sessions/${id}/heartbeat`).expect(204);
    }
    return finish(id, done);
  }

  /** Whether the days are what a recount of the sessions finds. */
  async function expectCounted(ownerId = user.user.id): Promise<void> {
    expect(await api.app.get(StudyDays).recount(ownerId)).toBe(0);
  }

  describe('is timed by the server', () => {
    it('from start over pauses to the finish, which says how far the reader is', async () => {
      const { id: documentId } = await documentOf(user.user.id);
      const { id, status } = await start(me, { documentId });
      expect(status).toBe('running');
      clock.advanceSeconds(8 * MINUTE);
      expect((await me.post(`/study-sessions/${id}/pause`).expect(200)).body).toMatchObject({ status: 'paused', activeSeconds: 480, idleAt: null });
      clock.advanceSeconds(DAY);
      expect((await me.post(`/study-sessions/${id}/pause`).expect(200)).body).toMatchObject({ status: 'paused', activeSeconds: 480 });
      await me.post(`/study-sessions/${id}/resume`).expect(200);
      clock.advanceSeconds(2 * MINUTE);
      const done = await finish(id, { firstPage: 1, lastPage: 5 });
      expect(done).toMatchObject({ status: 'finished', origin: 'timed', activeSeconds: 600, pages: 5, words: 5 * WORDS_A_PAGE });
      expect(done.intervals.map(({ endedBy }) => endedBy)).toEqual(['pause', 'finish']);
      expect(await api.db.findOneBy(Document, { id: documentId })).toMatchObject({ progressPage: 5 });
      for (const verb of ['pause', 'resume', 'heartbeat', 'finish']) expect((await me.post(`/study-sessions/${id}/${verb}`, verb === 'finish' ? {} : undefined).expect(409)).body).toMatchObject({ code: 'study.session-finished' });
      await expectCounted();
    });

    it('once at a time: of 20 starts one comes through, and the others are told its id', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => me.post('/study-sessions', {})));
      const won = answers.filter(({ status }) => status === 201);
      expect(won).toHaveLength(1);
      const { id } = won[0]!.body as Session;
      for (const { status, body } of answers.filter((each) => each !== won[0])) expect([status, (body as { code: string; sessionId: string }).code, (body as { sessionId: string }).sessionId]).toEqual([409, 'study.session-open', id]);
      expect(await api.db.countBy(StudySession, { ownerId: user.user.id })).toBe(1);
      await finish(id);
      await start();
    });

    it('and is counted once, however often it is finished at once', async () => {
      const { id } = await start();
      clock.advanceSeconds(5 * MINUTE);
      const answers = await Promise.all(Array.from({ length: 20 }, () => me.post(`/study-sessions/${id}/finish`, { pages: 7 })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
      expect((await analytics()).total).toMatchObject({ seconds: 300, pages: 7 });
      await expectCounted();
    });

    it('up to the last sign of life when they stay away, by whoever looks first or by the job', async () => {
      const { id } = await start();
      clock.advanceSeconds(9 * MINUTE);
      await me.post(`/study-sessions/${id}/heartbeat`).expect(204);
      clock.advanceSeconds(10 * MINUTE);
      const { body } = await me.get(`/study-sessions/${id}`).expect(200);
      expect(body).toMatchObject({ status: 'paused', activeSeconds: 540, intervals: [{ endedBy: 'idle', endedAt: '2026-03-02T12:09:00.000Z' }] });
      expect((await me.post(`/study-sessions/${id}/heartbeat`).expect(409)).body).toMatchObject({ code: 'study.session-paused' });
      await me.post(`/study-sessions/${id}/resume`).expect(200);
      clock.advanceSeconds(3 * 3600);
      const run = await api.app.get(Jobs).run('study.pause-idle');
      expect(Number(run!.report!.paused)).toBeGreaterThanOrEqual(1);
      expect(await api.db.findOneBy(StudySession, { id })).toMatchObject({ status: 'paused', activeMs: 540_000 });
      await expectCounted();
    });

    it('with an idle time of the user’s own', async () => {
      await me.patch('/study/preferences', { idleMinutes: 60 }).expect(200);
      const { id } = await start();
      clock.advanceSeconds(50 * MINUTE);
      expect((await me.get(`/study-sessions/${id}`).expect(200)).body).toMatchObject({ status: 'running' });
      expect(await finish(id)).toMatchObject({ activeSeconds: 3000 });
      await me.patch('/study/preferences', { idleMinutes: 0 }).expect(400);
    });

    it('and never backwards: a server clock that goes back costs time but makes none', async () => {
      const { id } = await start();
      clock.advanceSeconds(5 * MINUTE);
      await me.post(`/study-sessions/${id}/heartbeat`).expect(204);
      clock.advanceSeconds(-2 * 3600);
      await me.post(`/study-sessions/${id}/heartbeat`).expect(204);
      const done = await finish(id);
      expect(done).toMatchObject({ activeSeconds: 300, finishedAt: '2026-03-02T12:05:00.000Z' });
      await expectCounted();
    });

    it('again after a finish that was sent twice under one Idempotency-Key', async () => {
      const { id } = await start();
      clock.advanceSeconds(MINUTE);
      const send = () => me.post(`/study-sessions/${id}/finish`, { pages: 1 }).set('idempotency-key', `finish-${id}`).expect(200);
      expect((await send()).text).toBe((await send()).text);
    });

    it('with pages that are there: backwards, half a range and pages past the end are refused, and nothing is finished', async () => {
      const { id: documentId } = await documentOf(user.user.id, { pages: 10 });
      const { id } = await start(me, { documentId });
      for (const done of [{ firstPage: 5, lastPage: 4 }, { firstPage: 5 }, { firstPage: 1, lastPage: 11 }]) expect((await me.post(`/study-sessions/${id}/finish`, done).expect(422)).body).toMatchObject({ code: 'study.pages' });
      expect((await me.get(`/study-sessions/${id}`).expect(200)).body).toMatchObject({ status: 'running' });
    });
  });

  describe('is told afterwards', () => {
    it('forwards, in the past, for a day at most, and into no other time', async () => {
      const refused = async (from: string, to: string): Promise<string> => ((await manual(from, to)).body as { code: string }).code;
      expect(await refused('2026-03-02T11:00:00Z', '2026-03-02T10:00:00Z')).toBe('study.session-backwards');
      expect(await refused('2026-03-02T11:00:00Z', '2026-03-02T11:00:00Z')).toBe('study.session-backwards');
      expect(await refused('2026-03-02T11:00:00Z', '2026-03-02T12:00:01Z')).toBe('study.session-in-future');
      expect(await refused('2026-02-28T10:00:00Z', '2026-03-01T10:00:01Z')).toBe('study.session-too-long');
      const { body } = await manual('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z', { pages: 20 }).expect(201);
      expect(body).toMatchObject({ origin: 'manual', status: 'finished', activeSeconds: 3600 });
      for (const [from, to] of [['10:30', '10:40'], ['09:00', '10:01'], ['10:59', '11:30'], ['09:00', '11:30']]) expect(await refused(`2026-03-02T${from}:00Z`, `2026-03-02T${to}:00Z`)).toBe('study.session-overlaps');
      await manual('2026-03-02T11:00:00Z', '2026-03-02T11:30:00Z').expect(201);
      await manual('2026-03-02T09:00:00Z', '2026-03-02T10:00:00Z').expect(201);
      await start();
      clock.advanceSeconds(8 * MINUTE);
      expect(await refused('2026-03-02T11:50:00Z', '2026-03-02T12:02:00Z')).toBe('study.session-overlaps');
      await expectCounted();
    });

    it('once, when 20 say the same at once', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => manual('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z')));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
      expect((await analytics()).total.seconds).toBe(3600);
      await expectCounted();
    });

    it('and can be put right, which the audit trail keeps: other times make a timed session a manual one', async () => {
      const { id: documentId } = await documentOf(user.user.id);
      const { id, version } = await studied(20, { firstPage: 1, lastPage: 4 }, { documentId });
      const { body: renamed } = await me.patch(`/study-sessions/${id}`, { lastPage: 10 }).set('if-match', `"${version}"`).expect(200);
      expect(renamed).toMatchObject({ origin: 'timed', pages: 10, words: 10 * WORDS_A_PAGE, activeSeconds: 1200 });
      await me.patch(`/study-sessions/${id}`, { lastPage: 11 }).set('if-match', `"${version}"`).expect(412);
      const { body: retimed } = await me.patch(`/study-sessions/${id}`, { startedAt: '2026-03-01T12:00:00Z', finishedAt: '2026-03-01T12:30:00Z' }).expect(200);
      expect(retimed).toMatchObject({ origin: 'manual', pages: 10, activeSeconds: 1800, intervals: [{ endedBy: 'told' }] });
      expect((await analytics('?from=2026-03-01&to=2026-03-02')).days).toMatchObject([{ seconds: 1800 }, { seconds: 0 }]);
      const trail = await api.db.find(AuditEvent, { where: { targetId: id, action: 'study-sessions.update' }, order: { id: 'ASC' } });
      expect(trail).toMatchObject([{ before: { pages: 4 }, after: { pages: 10 } }, { before: { origin: 'timed' }, after: { origin: 'manual', activeMs: 1_800_000 } }]);
      await me.patch(`/study-sessions/${id}`, { finishedAt: '2026-03-01T11:00:00Z' }).expect(422);
      await expectCounted();
      await me.delete(`/study-sessions/${id}`).expect(200);
      expect((await analytics()).total.seconds).toBe(0);
      expect(await api.db.countBy(StudyDay, { ownerId: user.user.id })).toBe(0);
    });
  });

  describe('adds up', () => {
    it('by day of the user’s zone, across the night in which clocks go forward', async () => {
      clock.set('2026-03-29T12:00:00Z');
      user = await api.signedIn();
      await user.patch('/users/me/preferences', { timeZone: 'Europe/Berlin' }).expect(200);
      const key = await api.withKey(user);
      await manual('2026-03-28T22:30:00Z', '2026-03-29T01:30:00Z', { pages: 30 }, key).expect(201);
      const { days } = await analytics('?from=2026-03-28&to=2026-03-29', key);
      expect(days).toMatchObject([{ day: '2026-03-28', seconds: 1800, pages: 5 }, { day: '2026-03-29', seconds: 9000, pages: 25 }]);
      // Whoever moves on keeps the days they had.
      await user.patch('/users/me/preferences', { timeZone: 'Pacific/Auckland' }).expect(200);
      expect((await analytics('?from=2026-03-28&to=2026-03-29', await api.withKey(user))).days).toMatchObject([{ seconds: 1800 }, { seconds: 9000 }]);
      await expectCounted();
    });

    it('by topic and document, with paces, streak, goal and heat', async () => {
      const topic = Object.assign(new Topic(), { ownerId: user.user.id, name: 'Physics', nameKey: 'physics', position: 0, createdAt: clock.now(), updatedAt: clock.now() });
      await api.db.insert(Topic, topic);
      const { id: documentId } = await documentOf(user.user.id, { topicId: topic.id });
      await me.patch('/study/preferences', { dailyGoalMinutes: 45 }).expect(200);
      await studied(60, { firstPage: 1, lastPage: 20 }, { documentId });
      tomorrow();
      await studied(30);
      const { body } = await me.get('/study/analytics').expect(200);
      expect(body).toMatchObject({
        to: '2026-03-03', timeZone: 'UTC', streak: { current: 2, longest: 2 }, goal: { dailyMinutes: 45, daysMet: 1, todayMinutes: 30 },
        total: { sessions: 2, seconds: 5400, pages: 20, words: 20 * WORDS_A_PAGE, pagesPerHour: 20, wordsPerHour: 20 * WORDS_A_PAGE },
        topics: [{ id: topic.id, name: 'Physics', seconds: 3600 }, { id: null, name: null, seconds: 1800 }],
        documents: [{ id: documentId, name: 'Thermodynamics', pages: 20 }, { id: null, seconds: 1800 }],
      });
      expect((body as Analytics).days).toHaveLength(30);
      expect((body as Analytics).days.slice(-2).map(({ heat }) => heat)).toEqual([4, 2]);
      for (const query of ['?from=2026-03-03&to=2026-03-02', '?from=2020-01-01&to=2026-03-02', '?from=2026-02-30', '?to=2026-99-99', '?from=yesterday!']) await me.get(`/study/analytics${query}`).expect(400);
      // What was studied stays so without its document.
      await api.db.delete(Document, { id: documentId });
      expect((await analytics()).total.seconds).toBe(5400);
      await expectCounted();
    });

    it('to what a recount finds, which puts right what is wrong', async () => {
      await studied(25, { pages: 3 });
      await manual('2026-03-01T20:00:00Z', '2026-03-02T03:00:00Z', { pages: 11 }).expect(201);
      await expectCounted();
      await api.db.update(StudyDay, { ownerId: user.user.id, day: '2026-03-02' }, { pages: 999 });
      await api.db.insert(StudyDay, { ownerId: user.user.id, day: '2020-01-01', documentId: '', readingMs: 5 });
      const run = await api.app.get(Jobs).run('study.recount-days');
      expect(Number(run!.report!.wrong)).toBe(1);
      expect((await analytics('?from=2026-03-01&to=2026-03-02')).total).toMatchObject({ pages: 14, seconds: 25 * MINUTE + 7 * 3600 });
      await expectCounted();
    });
  });

  describe('tells how long the rest takes', () => {
    const estimate = async (id: string): Promise<{ reading: TimeLeft; exercises: TimeLeft | null; habit: object | null; finish: object | null }> => (await me.get(`/documents/${id}/estimate`).expect(200)).body;

    it('from what is known of all readers at first, and then from one’s own sessions', async () => {
      const { id: documentId } = await documentOf(user.user.id);
      const first = await estimate(documentId);
      expect(first).toMatchObject({ reading: { unit: 'word', units: 30_000, sessions: 0 }, exercises: null, habit: null, finish: null });
      expect(first.reading.expectedSeconds).toBeGreaterThan(30_000 / 238 * MINUTE);
      // A quick reader: 600 words a minute.
      for (let page = 1; page <= 41; page += 20) {
        await studied(10, { firstPage: page, lastPage: page + 19 }, { documentId });
        tomorrow();
      }
      const later = await estimate(documentId);
      expect(later).toMatchObject({ progressPage: 60, confidence: 0.8, reading: { units: 12_000, sessions: 3 }, habit: { from: 'document' } });
      expect(later.reading.expectedSeconds).toBeLessThan(first.reading.expectedSeconds * 0.4 * 0.6);
      expect(later.reading.lowSeconds).toBeLessThan(1200);
      expect(later.finish).toMatchObject({ earliest: expect.stringMatching(/^2026-03-/), latest: expect.stringMatching(/^2026-03-/) });
    });

    it('by page where a scan has no words, and from the goal where there is no habit yet', async () => {
      await me.patch('/study/preferences', { dailyGoalMinutes: 60 }).expect(200);
      const { id: documentId } = await documentOf(user.user.id, { words: 0, pages: 50 });
      expect(await estimate(documentId)).toMatchObject({ reading: { unit: 'page', units: 50, sessions: 0 }, habit: { minutesADay: 60, from: 'goal' }, finish: { earliest: '2026-03-02' } });
    });

    it('for exercises at a pace of their own', async () => {
      const { id: documentId } = await documentOf(user.user.id);
      await me.post('/exercises', { documentId, question: 'Why?' }).expect(201);
      expect((await estimate(documentId)).exercises).toMatchObject({ unit: 'exercise', units: 1, sessions: 0 });
      await studied(10, { exercises: 2 }, { documentId, kind: 'exercises' });
      const { exercises, reading } = await estimate(documentId);
      expect([exercises!.sessions, reading.sessions]).toEqual([1, 0]);
      expect(exercises!.expectedSeconds).toBeGreaterThan(100);
    });

    it('and how wrong that was: what was expected at each start is held against what came', async () => {
      const { id: documentId } = await documentOf(user.user.id);
      expect((await me.get('/study/estimates/accuracy').expect(200)).body).toMatchObject({ compared: 0, coverage: null, medianError: null });
      const { id } = await studied(26, { firstPage: 1, lastPage: 20 }, { documentId });
      const { body } = await me.get('/study/estimates/accuracy').expect(200);
      expect(body).toMatchObject({ confidence: 0.8, compared: 1, coverage: 1, latest: [{ sessionId: id, unit: 'word', restedOn: 0, units: 6000, seconds: 1560, covered: true }] });
      expect((body as { latest: { expectedSeconds: number }[] }).latest[0]!.expectedSeconds).toBe(Math.round((6000 / 238) * MINUTE));
      // What came is what the session says now.
      await me.patch(`/study-sessions/${id}`, { pages: 1 }).expect(200);
      expect((await me.get('/study/estimates/accuracy').expect(200)).body).toMatchObject({ compared: 1, coverage: 0, latest: [{ units: 300 }] });
    });

    it('so that of readers of known pace 72 to 88 of 100 sessions lie within their interval', async () => {
      let covered = 0;
      let compared = 0;
      for (const sessions of syntheticReaders(START.word, 2, { readers: 6, sessions: 15 })) {
        me = await api.withKey((user = await api.signedIn()));
        const { id: documentId } = await documentOf(user.user.id);
        for (const { units, ms } of sessions) {
          const pages = Math.round(units / WORDS_A_PAGE);
          await studied(((ms / units) * pages * WORDS_A_PAGE) / 60_000, { firstPage: 1, lastPage: pages }, { documentId });
        }
        const { body } = await me.get('/study/estimates/accuracy').expect(200);
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

  describe('exercises', () => {
    const shown = async (documentId: string): Promise<Shown> => (await me.post('/exercises', { documentId, question: 'What is entropy?', answer: 'A measure.', firstPage: 2, lastPage: 3 }).expect(201)).body as Shown;
    const due = async (): Promise<{ data: Shown[]; total: number }> => (await me.get('/exercises/due').expect(200)).body as { data: Shown[]; total: number };

    it('are due at once, then when they are about to be forgotten, from midnight of the user’s day', async () => {
      const { id } = await shown((await documentOf(user.user.id)).id);
      expect(await due()).toMatchObject({ total: 1, data: [{ id, state: 'new' }] });
      const { body } = await me.post(`/exercises/${id}/reviews`, { grade: 4, version: 1, seconds: 12 }).expect(201);
      const { dueAt, state } = body as Shown;
      expect([state, dueAt.slice(10)]).toEqual(['review', 'T00:00:00.000Z']);
      expect((await due()).total).toBe(0);
      clock.set(dueAt);
      clock.advanceSeconds(-1);
      expect((await due()).total).toBe(0);
      clock.advanceSeconds(1);
      expect((await due()).total).toBe(1);
    });

    it('take one of 20 answers to one showing', async () => {
      const { id } = await shown((await documentOf(user.user.id)).id);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => me.post(`/exercises/${id}/reviews`, { grade: (index % 4) + 1, version: 1 })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
      expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'study.reviewed-meanwhile', version: 2 });
      expect(await api.db.countBy(Review, { exerciseId: id })).toBe(1);
    });

    it('are as they were once an answer is taken back, answer by answer, and the log keeps them all', async () => {
      const { id } = await shown((await documentOf(user.user.id)).id);
      const states: object[] = [];
      const memory = async (): Promise<object> => {
        const { state, dueAt, stability, difficulty, repetitions, lapses, reviewedAt } = await api.db.findOneByOrFail(Exercise, { id });
        return { state, dueAt, stability, difficulty, repetitions, lapses, reviewedAt };
      };
      for (const [index, grade] of [3, 3, 1].entries()) {
        states.push(await memory());
        await me.post(`/exercises/${id}/reviews`, { grade, version: index + 1 }).expect(201);
        tomorrow();
      }
      for (const before of states.reverse()) {
        await me.post(`/exercises/${id}/undo`).expect(200);
        expect(await memory()).toEqual(before);
      }
      expect((await me.post(`/exercises/${id}/undo`).expect(409)).body).toMatchObject({ code: 'study.nothing-to-undo' });
      await me.post(`/exercises/${id}/reviews`, { grade: 2, version: 7 }).expect(201);
      const { body } = await me.get('/exercises/reviews').expect(200);
      const log = (body as { data: { number: number; undoneAt: string | null }[] }).data;
      expect(log.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4]);
      expect(log.filter(({ undoneAt }) => undoneAt === null)).toMatchObject([{ number: 4, grade: 2 }]);
      await me.delete(`/exercises/${id}`).expect(200);
      expect(((await me.get('/exercises/reviews').expect(200)).body as { data: object[] }).data).toHaveLength(4);
    });

    it('are held to the document’s pages and to grades from 1 to 4', async () => {
      const { id: documentId } = await documentOf(user.user.id, { pages: 3 });
      for (const range of [{ firstPage: 2, lastPage: 4 }, { firstPage: 3, lastPage: 2 }, { lastPage: 2 }]) await me.post('/exercises', { documentId, question: 'Why?', ...range }).expect(422);
      const { id } = await shown(documentId);
      for (const answer of [{ grade: 0, version: 1 }, { grade: 5, version: 1 }, { grade: 3 }, { grade: 2.5, version: 1 }]) await me.post(`/exercises/${id}/reviews`, answer).expect(400);
    });
  });

  describe('leaves and comes back', () => {
    const file = async (what: string, format: string, by: Caller = me): Promise<string> => (await by.get(`/study/export/${what}?format=${format}`).expect(200)).text;
    const bring = (what: string, text: string, type = 'text/csv', by: Caller = me) => by.post(`/study/import/${what}`).set('content-type', type).send(text);

    it.each([['csv', 'text/csv'], ['ndjson', 'application/x-ndjson']])('as %s: all of it to another account, once', async (format, type) => {
      const { id: documentId, sha256 } = await documentOf(user.user.id);
      await studied(12, { firstPage: 1, lastPage: 8, note: '=1+1' }, { documentId });
      await manual('2026-03-01T20:00:00Z', '2026-03-01T21:00:00Z').expect(201);
      const { body: exercise } = await me.post('/exercises', { documentId, question: '=SUM(A1)\nand "more"' }).expect(201);
      await me.post(`/exercises/${(exercise as Shown).id}/reviews`, { grade: 3, version: 1 }).expect(201);
      const files = { sessions: await file('sessions', format), exercises: await file('exercises', format), reviews: await file('reviews', format) };
      expect(Object.values(files).join('\n')).not.toMatch(/(?:^|,)=/m);

      const other = await api.signedIn();
      const theirs = await api.withKey(other);
      const copy = await documentOf(other.user.id);
      await api.db.update(Document, { id: copy.id }, { sha256 });
      for (const [what, imported] of [['sessions', 2], ['exercises', 1], ['reviews', 1]] as const) {
        expect((await bring(what, files[what], type, theirs).expect(200)).body).toEqual({ rows: imported, imported, duplicates: 0, passedOver: 0 });
        expect((await bring(what, files[what], type, theirs).expect(200)).body).toEqual({ rows: imported, imported: 0, duplicates: imported, passedOver: 0 });
        expect((await bring(what, files[what], type).expect(200)).body).toMatchObject({ imported: 0, duplicates: imported });
      }
      expect((await analytics('', theirs)).total).toEqual((await analytics()).total);
      expect((await theirs.get('/study-sessions').expect(200)).body).toMatchObject({ data: [{ origin: 'imported', documentId: copy.id, words: 8 * WORDS_A_PAGE, note: '=1+1' }, { origin: 'imported' }] });
      expect((await theirs.get('/exercises').expect(200)).body).toMatchObject({ data: [{ question: '=SUM(A1)\nand "more"', state: 'learning', documentId: copy.id }] });
      const [taken] = await api.db.findBy(Review, { ownerId: other.user.id });
      expect(await api.db.existsBy(Exercise, { id: taken!.exerciseId, ownerId: other.user.id })).toBe(true);
      await expectCounted(other.user.id);
    });

    it('all or nothing: each row that is not right is told, and none is taken', async () => {
      const rows = ['2026-03-01T10:00:00Z,2026-03-01T11:00:00Z,3', '2026-03-01T12:00:00Z,2026-03-01T11:00:00Z,3', 'yesterday,2026-03-01T11:00:00Z,3', '2026-03-01T13:00:00Z,2030-03-01T14:00:00Z,3', '2026-03-01T15:00:00Z,2026-03-01T16:00:00Z,-3', ',,'];
      const { body } = await bring('sessions', `startedAt,finishedAt,pages\n${rows.join('\n')}\n`).expect(422);
      expect((body as { errors: { line: number; column: string }[] }).errors.map(({ line, column }) => [line, column])).toEqual([[3, 'finishedAt'], [4, 'startedAt'], [5, 'finishedAt'], [6, 'pages'], [7, 'startedAt'], [7, 'finishedAt']]);
      expect(await api.db.countBy(StudySession, { ownerId: user.user.id })).toBe(0);
      await bring('reviews', 'exerciseId,number,grade,reviewedAt\nx,1,3,2026-03-01T10:00:00Z\n').expect(422);
      await bring('exercises', 'documentId,question\nx,Why?\n').expect(422);
      await bring('sessions', '{"startedAt":', 'application/x-ndjson').expect(400);
      await bring('secrets', 'a\nb\n').expect(404);
    });

    it('with the archive of what is held about a user, and goes with them', async () => {
      const { id: documentId } = await documentOf(user.user.id);
      const { id } = await studied(12, { firstPage: 1, lastPage: 8 }, { documentId });
      const { body: exercise } = await me.post('/exercises', { documentId, question: 'Why?' }).expect(201);
      await me.post(`/exercises/${(exercise as Shown).id}/reviews`, { grade: 3, version: 1 }).expect(201);
      const records = new Map<string, object[]>();
      for (const { path, rows } of api.app.get(PersonalData).files.filter((each) => /^study\/(?:sessions|exercises|days)/.test(each.path))) {
        const found: object[] = [];
        for await (const record of rows(user.user.id)) found.push(record);
        records.set(path, found);
      }
      expect(records.get('study/sessions.ndjson')).toMatchObject([{ id, intervals: [{ endedBy: 'finish' }], expected: { unit: 'word' } }]);
      expect(records.get('study/exercises.ndjson')).toMatchObject([{ record: 'exercise' }, { record: 'review', grade: 3 }]);
      expect(records.get('study/days.json')).toMatchObject([{ record: 'preferences' }, { record: 'day', pages: 8 }]);
      const erased = await api.app.get(Erasure).erase(user.user.id);
      expect(erased).toMatchObject({ study_sessions: 1, study_intervals: 1, study_estimates: 1, study_days: 1, study_reviews: 1, study_profiles: 1 });
      for (const entity of [StudySession, StudyInterval, StudyDay, Review, Exercise]) expect(await api.db.countBy(entity, { ownerId: user.user.id })).toBe(0);
    });

    it('passes over what lies in the time of another session', async () => {
      await manual('2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z').expect(201);
      const { body } = await bring('sessions', 'startedAt,finishedAt\n2026-03-01T10:30:00Z,2026-03-01T11:30:00Z\n2026-03-01T11:30:00Z,2026-03-01T12:00:00Z\n2026-03-01T11:45:00Z,2026-03-01T12:15:00Z\n').expect(200);
      expect(body).toEqual({ rows: 3, imported: 1, duplicates: 0, passedOver: 2 });
      await expectCounted();
    });
  });

  describe('comes from KOReader', () => {
    const BEGIN = Date.parse('2026-03-01T20:00:00Z') / 1000;
    const TABLES = 'CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT, authors TEXT, md5 TEXT); CREATE TABLE page_stat_data (id_book INTEGER, page INTEGER, start_time INTEGER, duration INTEGER, total_pages INTEGER);';

    /** A database file with what these statements make of it. */
    function database(statements: string): Buffer {
      const Database = createRequire(import.meta.url)('libsql') as new (path: string) => { exec(sql: string): void; close(): void };
      const folder = mkdtempSync(join(tmpdir(), 'koreader-test-'));
      const path = join(folder, 'statistics.sqlite3');
      const db = new Database(path);
      db.exec(statements);
      db.close();
      const bytes = readFileSync(path);
      rmSync(folder, { recursive: true });
      return bytes;
    }

    const bring = (file: Buffer) => me.post('/study/import/koreader').set('content-type', 'application/vnd.sqlite3').send(file as unknown as string);
    const read = (page: number, at: number, book = 1): string => `INSERT INTO page_stat_data VALUES (${book}, ${page}, ${BEGIN + at}, 60, 100);`;

    it('as sessions of one’s documents, each once, however often the file is sent', async () => {
      const { id: documentId } = await documentOf(user.user.id);
      const statements = `${TABLES} INSERT INTO book VALUES (1, 'thermodynamics', 'N. N.', 'abc'), (2, 'A novel', 'N. N.', 'def'); ${[1, 2, 3].map((page) => read(page, page * 60)).join('')} ${read(9, 7200, 2)}`;
      expect((await bring(database(statements)).expect(200)).body).toEqual({ rows: 2, imported: 2, duplicates: 0, passedOver: 0 });
      const { body } = await me.get('/study-sessions?sort=startedAt').expect(200);
      expect(body).toMatchObject({ data: [{ origin: 'imported', documentId, activeSeconds: 180, pages: 3, words: 3 * WORDS_A_PAGE, startedAt: '2026-03-01T20:01:00.000Z' }, { documentId: null, note: 'A novel', pages: 1, words: null }] });
      const more = `${statements} ${read(50, 20_000)} INSERT INTO page_stat_data VALUES (1, -1, 0, 60, 100), (1, 1, ${BEGIN + 1e9}, 60, 100);`;
      expect((await bring(database(more)).expect(200)).body).toEqual({ rows: 3, imported: 1, duplicates: 2, passedOver: 2 });
      await expectCounted();
    });

    it('but not as a file that means harm: it is refused, and nothing of it stays', async () => {
      const good = database(`${TABLES} ${Array.from({ length: 200 }, (_, page) => read(page + 1, page * 60)).join('')}`);
      const endless = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id_book, x AS page, x AS start_time, 1 AS duration, 1 AS total_pages FROM n';
      const broken = Buffer.from(good);
      broken.fill(0xff, 100, 4096);
      const files: Record<string, Buffer> = {
        text: Buffer.from('SQLite format 3'), zip: Buffer.concat([Buffer.from('PK'), good]), header: Buffer.concat([good.subarray(0, 16), Buffer.alloc(4096, 7)]), broken,
        truncated: good.subarray(0, 5000), other: database('CREATE TABLE secrets (id INTEGER);'), view: database(`CREATE TABLE book (id INTEGER, title TEXT, authors TEXT, md5 TEXT); CREATE VIEW page_stat_data AS ${endless};`),
        computed: database('CREATE TABLE book (id INTEGER, title TEXT, authors TEXT, md5 TEXT); CREATE TABLE page_stat_data (id_book INTEGER, page INTEGER, start_time INTEGER, duration INTEGER, total_pages INTEGER AS (length(zeroblob(1000000000))));'),
        columns: database('CREATE TABLE book (id INTEGER); CREATE TABLE page_stat_data (id_book INTEGER);'),
      };
      for (const [name, file] of Object.entries(files)) {
        const { status, body } = await bring(file);
        expect([name, status, (body as { code: string }).code]).toEqual([name, 422, 'study.koreader']);
      }
      expect(readdirSync(api.settings.dataDir).filter((name) => name.startsWith('koreader-'))).toEqual([]);
      expect(await api.db.countBy(StudySession, { ownerId: user.user.id })).toBe(0);
      await me.post('/study/import/koreader').set('content-type', 'text/csv').send('a').expect(415);
    }, 60_000);
  });

  describe('is nobody else’s', () => {
    /** What gets each route past the checks of its body or query. */
    const REQUESTS: Record<string, object> = {
      'POST /study-sessions/:id/finish': {},
      'PATCH /study-sessions/:id': { pages: 3 },
      'PATCH /exercises/:id': { question: 'Whose?' },
      'POST /exercises/:id/reviews': { grade: 3, version: 1 },
    };
    const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
    const ownRoutes = (): Route[] => routesOf(api.app.get(DiscoveryService, { strict: false })).filter(({ path }) => /^\/(?:study|study-sessions|exercises)(?:\/|$)|^\/documents\/:id\/estimate$/.test(path));

    async function call(caller: Caller, route: Route, ids: Readonly<Record<string, string>>): Promise<{ status: number; code: string }> {
      const kind = route.path.split('/')[1]!;
      const url = route.path.replace(':id', ids[kind] ?? '').replace(':what', 'sessions');
      const verb = route.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete';
      const { status, body } = await (verb === 'get' ? caller.get(url) : caller[verb](url, REQUESTS[nameOf(route)]));
      return { status, code: String((body as { code?: string }).code) };
    }

    async function owned(): Promise<Record<string, string>> {
      const { id: documentId } = await documentOf(user.user.id);
      const { body } = await me.post('/exercises', { documentId, question: 'Mine?' }).expect(201);
      return { documents: documentId, exercises: (body as Shown).id, 'study-sessions': (await start(me, { documentId })).id };
    }

    const state = async (): Promise<object> => ({
      sessions: await api.db.findBy(StudySession, { ownerId: user.user.id }), intervals: await api.db.findBy(StudyInterval, { ownerId: user.user.id }),
      exercises: await api.db.findBy(Exercise, { ownerId: user.user.id }), reviews: await api.db.countBy(Review, { ownerId: user.user.id }),
    });

    it('on any route with an id: the answer is that for an unknown one, and nothing changes', async () => {
      const ids = await owned();
      const before = await state();
      const stranger = await api.withKey(await api.signedIn());
      const routes = ownRoutes().filter(({ path }) => path.includes(':id'));
      expect(routes.length).toBeGreaterThanOrEqual(13);
      const wrong: string[] = [];
      for (const route of routes) {
        const [foreign, unknown] = [await call(stranger, route, ids), await call(stranger, route, { documents: newId(), exercises: newId(), 'study-sessions': newId() })];
        if (foreign.status !== 404 || JSON.stringify(foreign) !== JSON.stringify(unknown)) wrong.push(`${nameOf(route)}: ${JSON.stringify([foreign, unknown])}`);
      }
      expect(wrong).toEqual([]);
      for (const [request, path] of [[{ documentId: ids.documents }, '/study-sessions'], [{ documentId: ids.documents, question: 'Mine?' }, '/exercises']] as const) expect((await stranger.post(path, request).expect(404)).body).toMatchObject({ code: 'document.not-found' });
      for (const path of ['/study-sessions', '/exercises', '/exercises/reviews', '/exercises/due']) expect((await stranger.get(path).expect(200)).body).toMatchObject({ data: [] });
      expect((await stranger.get(`/study-sessions?id=${ids['study-sessions']}`).expect(200)).body).toMatchObject({ data: [] });
      expect((await analytics('', stranger)).total.seconds).toBe(0);
      expect(await state()).toEqual(before);
    }, 60_000);

    it('nor for callers of another kind, without the scope, or deleted: they are kept out before anything is looked for', async () => {
      const ids = await owned();
      const before = await state();
      const gone = await api.signedIn();
      const theirs = await api.withKey(gone);
      await gone.delete('/users/me', { password: PASSWORD }).expect(200);
      const narrow = await api.withKey(user, { scopes: ['usage:read'] });
      const callers: [string, Caller][] = [['nobody', api.anyone], ['staff', await api.staff(StaffLevel.Lead)], ['admin', await api.admin()], ['key', narrow], ['deleted', gone], ['deleted key', theirs]];
      const wrong: string[] = [];
      for (const route of ownRoutes()) {
        for (const [name, caller] of callers) {
          const { status } = await call(caller, route, ids);
          if (![401, 403].includes(status)) wrong.push(`${name}: ${nameOf(route)}: ${status}`);
        }
      }
      expect(wrong).toEqual([]);
      const reader = await api.withKey(user, { scopes: ['study:read'] });
      for (const route of ownRoutes().filter(({ method }) => method !== 'GET')) expect([nameOf(route), (await call(reader, route, ids)).status]).toEqual([nameOf(route), 403]);
      expect(await state()).toEqual(before);
    }, 60_000);
  });
});
