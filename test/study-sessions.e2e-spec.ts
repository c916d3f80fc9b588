import { DiscoveryService } from '@nestjs/core';
import { StaffLevel } from '../src/access/permission.js';
import { type Route, routesOf } from '../src/access/route-rules.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { newId } from '../src/platform/ids/ids.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { StudyDay } from '../src/study/analytics/study-day.entity.js';
import { Document } from '../src/study/documents/document.entity.js';
import { Exercise } from '../src/study/exercises/exercise.entity.js';
import { Review } from '../src/study/exercises/review.entity.js';
import { StudyInterval } from '../src/study/sessions/study-interval.entity.js';
import { StudySession } from '../src/study/sessions/study-session.entity.js';
import { Topic } from '../src/study/topics/topic.entity.js';
import { type Api, type Caller, PASSWORD } from './support/api.js';
import { type Analytics, DAY, MINUTE, type Session, type Shown, Study, WORDS_A_PAGE } from './support/study.js';

describe('study time', () => {
  let study: Study;
  let api: Api;
  beforeAll(async () => {
    study = await Study.start();
    ({ api } = study);
  });
  afterAll(() => study.close());
  beforeEach(() => study.begin());

  describe('is timed by the server', () => {
    it('from start over pauses to the finish, which says how far the reader is', async () => {
      const { id: documentId } = await study.documentOf(study.user.user.id);
      const { id, status } = await study.start(study.me, { documentId });
      expect(status).toBe('running');
      api.clock.advanceSeconds(8 * MINUTE);
      expect((await study.me.post(`/study-sessions/${id}/pause`).expect(200)).body).toMatchObject({ status: 'paused', activeSeconds: 480, idleAt: null });
      api.clock.advanceSeconds(DAY);
      expect((await study.me.post(`/study-sessions/${id}/pause`).expect(200)).body).toMatchObject({ status: 'paused', activeSeconds: 480 });
      await study.me.post(`/study-sessions/${id}/resume`).expect(200);
      api.clock.advanceSeconds(2 * MINUTE);
      const done = await study.finish(id, { firstPage: 1, lastPage: 5 });
      expect(done).toMatchObject({ status: 'finished', origin: 'timed', activeSeconds: 600, pages: 5, words: 5 * WORDS_A_PAGE });
      expect(done.intervals.map(({ endedBy }) => endedBy)).toEqual(['pause', 'finish']);
      expect(await api.db.findOneBy(Document, { id: documentId })).toMatchObject({ progressPage: 5 });
      for (const verb of ['pause', 'resume', 'heartbeat', 'finish']) expect((await study.me.post(`/study-sessions/${id}/${verb}`, verb === 'finish' ? {} : undefined).expect(409)).body).toMatchObject({ code: 'study.session-finished' });
      await study.expectCounted();
    });

    it('once at a time: of 20 starts one comes through, and the others are told its id', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => study.me.post('/study-sessions', {})));
      const won = answers.filter(({ status }) => status === 201);
      expect(won).toHaveLength(1);
      const { id } = won[0]!.body as Session;
      for (const { status, body } of answers.filter((each) => each !== won[0])) expect([status, (body as { code: string; sessionId: string }).code, (body as { sessionId: string }).sessionId]).toEqual([409, 'study.session-open', id]);
      expect(await api.db.countBy(StudySession, { ownerId: study.user.user.id })).toBe(1);
      await study.finish(id);
      await study.start();
    });

    it('and is counted once, however often it is finished at once', async () => {
      const { id } = await study.start();
      api.clock.advanceSeconds(5 * MINUTE);
      const answers = await Promise.all(Array.from({ length: 20 }, () => study.me.post(`/study-sessions/${id}/finish`, { pages: 7 })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
      expect((await study.analytics()).total).toMatchObject({ seconds: 300, pages: 7 });
      await study.expectCounted();
    });

    it('up to the last sign of life when they stay away, by whoever looks first or by the job', async () => {
      const { id } = await study.start();
      api.clock.advanceSeconds(9 * MINUTE);
      await study.me.post(`/study-sessions/${id}/heartbeat`).expect(204);
      api.clock.advanceSeconds(10 * MINUTE);
      const { body } = await study.me.get(`/study-sessions/${id}`).expect(200);
      expect(body).toMatchObject({ status: 'paused', activeSeconds: 540, intervals: [{ endedBy: 'idle', endedAt: '2026-03-02T12:09:00.000Z' }] });
      expect((await study.me.post(`/study-sessions/${id}/heartbeat`).expect(409)).body).toMatchObject({ code: 'study.session-paused' });
      await study.me.post(`/study-sessions/${id}/resume`).expect(200);
      api.clock.advanceSeconds(3 * 3600);
      const run = await api.app.get(Jobs).run('study.pause-idle');
      expect(Number(run!.report!.paused)).toBeGreaterThanOrEqual(1);
      expect(await api.db.findOneBy(StudySession, { id })).toMatchObject({ status: 'paused', activeMs: 540_000 });
      await study.expectCounted();
    });

    it('with an idle time of the user’s own', async () => {
      await study.me.patch('/study/preferences', { idleMinutes: 60 }).expect(200);
      const { id } = await study.start();
      api.clock.advanceSeconds(50 * MINUTE);
      expect((await study.me.get(`/study-sessions/${id}`).expect(200)).body).toMatchObject({ status: 'running' });
      expect(await study.finish(id)).toMatchObject({ activeSeconds: 3000 });
      await study.me.patch('/study/preferences', { idleMinutes: 0 }).expect(400);
    });

    it('and never backwards: a server clock that goes back costs time but makes none', async () => {
      const { id } = await study.start();
      api.clock.advanceSeconds(5 * MINUTE);
      await study.me.post(`/study-sessions/${id}/heartbeat`).expect(204);
      api.clock.advanceSeconds(-2 * 3600);
      await study.me.post(`/study-sessions/${id}/heartbeat`).expect(204);
      const done = await study.finish(id);
      expect(done).toMatchObject({ activeSeconds: 300, finishedAt: '2026-03-02T12:05:00.000Z' });
      await study.expectCounted();
    });

    it('again after a finish that was sent twice under one Idempotency-Key', async () => {
      const { id } = await study.start();
      api.clock.advanceSeconds(MINUTE);
      const send = () => study.me.post(`/study-sessions/${id}/finish`, { pages: 1 }).set('idempotency-key', `finish-${id}`).expect(200);
      expect((await send()).text).toBe((await send()).text);
    });

    it('with pages that are there: backwards, half a range and pages past the end are refused, and nothing is finished', async () => {
      const { id: documentId } = await study.documentOf(study.user.user.id, { pages: 10 });
      const { id } = await study.start(study.me, { documentId });
      for (const done of [{ firstPage: 5, lastPage: 4 }, { firstPage: 5 }, { firstPage: 1, lastPage: 11 }]) expect((await study.me.post(`/study-sessions/${id}/finish`, done).expect(422)).body).toMatchObject({ code: 'study.pages' });
      expect((await study.me.get(`/study-sessions/${id}`).expect(200)).body).toMatchObject({ status: 'running' });
    });
  });

  describe('is told afterwards', () => {
    it('forwards, in the past, for a day at most, and into no other time', async () => {
      const refused = async (from: string, to: string): Promise<string> => ((await study.manual(from, to)).body as { code: string }).code;
      expect(await refused('2026-03-02T11:00:00Z', '2026-03-02T10:00:00Z')).toBe('study.session-backwards');
      expect(await refused('2026-03-02T11:00:00Z', '2026-03-02T11:00:00Z')).toBe('study.session-backwards');
      expect(await refused('2026-03-02T11:00:00Z', '2026-03-02T12:00:01Z')).toBe('study.session-in-future');
      expect(await refused('2026-02-28T10:00:00Z', '2026-03-01T10:00:01Z')).toBe('study.session-too-long');
      const { body } = await study.manual('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z', { pages: 20 }).expect(201);
      expect(body).toMatchObject({ origin: 'manual', status: 'finished', activeSeconds: 3600 });
      for (const [from, to] of [['10:30', '10:40'], ['09:00', '10:01'], ['10:59', '11:30'], ['09:00', '11:30']]) expect(await refused(`2026-03-02T${from}:00Z`, `2026-03-02T${to}:00Z`)).toBe('study.session-overlaps');
      await study.manual('2026-03-02T11:00:00Z', '2026-03-02T11:30:00Z').expect(201);
      await study.manual('2026-03-02T09:00:00Z', '2026-03-02T10:00:00Z').expect(201);
      await study.start();
      api.clock.advanceSeconds(8 * MINUTE);
      expect(await refused('2026-03-02T11:50:00Z', '2026-03-02T12:02:00Z')).toBe('study.session-overlaps');
      await study.expectCounted();
    });

    it('once, when 20 say the same at once', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => study.manual('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z')));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
      expect((await study.analytics()).total.seconds).toBe(3600);
      await study.expectCounted();
    });

    it('and can be put right, which the audit trail keeps: other times make a timed session a manual one', async () => {
      const { id: documentId } = await study.documentOf(study.user.user.id);
      const { id, version } = await study.studied(20, { firstPage: 1, lastPage: 4 }, { documentId });
      const { body: renamed } = await study.me.patch(`/study-sessions/${id}`, { lastPage: 10 }).set('if-match', `"${version}"`).expect(200);
      expect(renamed).toMatchObject({ origin: 'timed', pages: 10, words: 10 * WORDS_A_PAGE, activeSeconds: 1200 });
      await study.me.patch(`/study-sessions/${id}`, { lastPage: 11 }).set('if-match', `"${version}"`).expect(412);
      const { body: retimed } = await study.me.patch(`/study-sessions/${id}`, { startedAt: '2026-03-01T12:00:00Z', finishedAt: '2026-03-01T12:30:00Z' }).expect(200);
      expect(retimed).toMatchObject({ origin: 'manual', pages: 10, activeSeconds: 1800, intervals: [{ endedBy: 'told' }] });
      expect((await study.analytics('?from=2026-03-01&to=2026-03-02')).days).toMatchObject([{ seconds: 1800 }, { seconds: 0 }]);
      const trail = await api.db.find(AuditEvent, { where: { targetId: id, action: 'study-sessions.update' }, order: { id: 'ASC' } });
      expect(trail).toMatchObject([{ before: { pages: 4 }, after: { pages: 10 } }, { before: { origin: 'timed' }, after: { origin: 'manual', activeMs: 1_800_000 } }]);
      await study.me.patch(`/study-sessions/${id}`, { finishedAt: '2026-03-01T11:00:00Z' }).expect(422);
      await study.expectCounted();
      await study.me.delete(`/study-sessions/${id}`).expect(200);
      expect((await study.analytics()).total.seconds).toBe(0);
      expect(await api.db.countBy(StudyDay, { ownerId: study.user.user.id })).toBe(0);
    });
  });

  describe('adds up', () => {
    it('by day of the user’s zone, across the night in which clocks go forward', async () => {
      api.clock.set('2026-03-29T12:00:00Z');
      study.user = await api.signedIn();
      await study.user.patch('/users/me/preferences', { timeZone: 'Europe/Berlin' }).expect(200);
      const key = await api.withKey(study.user);
      await study.manual('2026-03-28T22:30:00Z', '2026-03-29T01:30:00Z', { pages: 30 }, key).expect(201);
      const { days } = await study.analytics('?from=2026-03-28&to=2026-03-29', key);
      expect(days).toMatchObject([{ day: '2026-03-28', seconds: 1800, pages: 5 }, { day: '2026-03-29', seconds: 9000, pages: 25 }]);
      // Whoever moves on keeps the days they had.
      await study.user.patch('/users/me/preferences', { timeZone: 'Pacific/Auckland' }).expect(200);
      expect((await study.analytics('?from=2026-03-28&to=2026-03-29', await api.withKey(study.user))).days).toMatchObject([{ seconds: 1800 }, { seconds: 9000 }]);
      await study.expectCounted();
    });

    it('by topic and document, with paces, streak, goal and heat', async () => {
      const topic = Object.assign(new Topic(), { ownerId: study.user.user.id, name: 'Physics', nameKey: 'physics', position: 0, createdAt: api.clock.now(), updatedAt: api.clock.now() });
      await api.db.insert(Topic, topic);
      const { id: documentId } = await study.documentOf(study.user.user.id, { topicId: topic.id });
      await study.me.patch('/study/preferences', { dailyGoalMinutes: 45 }).expect(200);
      await study.studied(60, { firstPage: 1, lastPage: 20 }, { documentId });
      study.tomorrow();
      await study.studied(30);
      const { body } = await study.me.get('/study/analytics').expect(200);
      expect(body).toMatchObject({
        to: '2026-03-03', timeZone: 'UTC', streak: { current: 2, longest: 2 }, goal: { dailyMinutes: 45, daysMet: 1, todayMinutes: 30 },
        total: { sessions: 2, seconds: 5400, pages: 20, words: 20 * WORDS_A_PAGE, pagesPerHour: 20, wordsPerHour: 20 * WORDS_A_PAGE },
        topics: [{ id: topic.id, name: 'Physics', seconds: 3600 }, { id: null, name: null, seconds: 1800 }],
        documents: [{ id: documentId, name: 'Thermodynamics', pages: 20 }, { id: null, seconds: 1800 }],
      });
      expect((body as Analytics).days).toHaveLength(30);
      expect((body as Analytics).days.slice(-2).map(({ heat }) => heat)).toEqual([4, 2]);
      for (const query of ['?from=2026-03-03&to=2026-03-02', '?from=2020-01-01&to=2026-03-02', '?from=2026-02-30', '?to=2026-99-99', '?from=yesterday!']) await study.me.get(`/study/analytics${query}`).expect(400);
      // What was studied stays so without its document.
      await api.db.delete(Document, { id: documentId });
      expect((await study.analytics()).total.seconds).toBe(5400);
      await study.expectCounted();
    });

    it('to what a recount finds, which puts right what is wrong', async () => {
      await study.studied(25, { pages: 3 });
      await study.manual('2026-03-01T20:00:00Z', '2026-03-02T03:00:00Z', { pages: 11 }).expect(201);
      await study.expectCounted();
      await api.db.update(StudyDay, { ownerId: study.user.user.id, day: '2026-03-02' }, { pages: 999 });
      await api.db.insert(StudyDay, { ownerId: study.user.user.id, day: '2020-01-01', documentId: '', readingMs: 5 });
      const run = await api.app.get(Jobs).run('study.recount-days');
      expect(Number(run!.report!.wrong)).toBe(1);
      expect((await study.analytics('?from=2026-03-01&to=2026-03-02')).total).toMatchObject({ pages: 14, seconds: 25 * MINUTE + 7 * 3600 });
      await study.expectCounted();
    });
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
      const { id: documentId } = await study.documentOf(study.user.user.id);
      const { body } = await study.me.post('/exercises', { documentId, question: 'Mine?' }).expect(201);
      return { documents: documentId, exercises: (body as Shown).id, 'study-sessions': (await study.start(study.me, { documentId })).id };
    }

    const state = async (): Promise<object> => ({
      sessions: await api.db.findBy(StudySession, { ownerId: study.user.user.id }), intervals: await api.db.findBy(StudyInterval, { ownerId: study.user.user.id }),
      exercises: await api.db.findBy(Exercise, { ownerId: study.user.user.id }), reviews: await api.db.countBy(Review, { ownerId: study.user.user.id }),
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
      expect((await study.analytics('', stranger)).total.seconds).toBe(0);
      expect(await state()).toEqual(before);
    }, 60_000);

    it('nor for callers of another kind, without the scope, or deleted: they are kept out before anything is looked for', async () => {
      const ids = await owned();
      const before = await state();
      const gone = await api.signedIn();
      const theirs = await api.withKey(gone);
      await gone.delete('/users/me', { password: PASSWORD }).expect(200);
      const narrow = await api.withKey(study.user, { scopes: ['usage:read'] });
      const callers: [string, Caller][] = [['nobody', api.anyone], ['staff', await api.staff(StaffLevel.Lead)], ['admin', await api.admin()], ['key', narrow], ['deleted', gone], ['deleted key', theirs]];
      const wrong: string[] = [];
      for (const route of ownRoutes()) {
        for (const [name, caller] of callers) {
          const { status } = await call(caller, route, ids);
          if (![401, 403].includes(status)) wrong.push(`${name}: ${nameOf(route)}: ${status}`);
        }
      }
      expect(wrong).toEqual([]);
      const reader = await api.withKey(study.user, { scopes: ['study:read'] });
      for (const route of ownRoutes().filter(({ method }) => method !== 'GET')) expect([nameOf(route), (await call(reader, route, ids)).status]).toEqual([nameOf(route), 403]);
      expect(await state()).toEqual(before);
    }, 60_000);
  });
});
