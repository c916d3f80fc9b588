import { DiscoveryService } from '@nestjs/core';
import { Permission, StaffLevel } from '../src/access/permission.js';
import { type Route, routesOf } from '../src/access/route-rules.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { newId } from '../src/platform/ids/ids.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { TaskFeed } from '../src/tasks/feed/task-feed.entity.js';
import { TaskTag } from '../src/tasks/task-tag.entity.js';
import { TaskWords } from '../src/tasks/task-words.entity.js';
import { Task } from '../src/tasks/task.entity.js';
import { TaskView } from '../src/tasks/views/task-view.entity.js';
import { Erasure } from '../src/users/erasure/erasure.js';
import { Api, type Caller, PASSWORD, SignedInCaller } from './support/api.js';

interface Row {
  id: string;
  title: string;
  status: string;
  dueDate: string | null;
  dueLocal: string | null;
  recurrence: string | null;
  tags: string[];
  parentId: string | null;
  subtasks: { total: number; completed: number };
  position: number;
  previousId: string | null;
  nextId?: string | null;
  completedAt: string | null;
  trashedAt: string | null;
  version: number;
}

const NOON = '2026-03-02T12:00:00Z';
const DAY_SECONDS = 86_400;

describe('tasks', () => {
  let api: Api;
  let ada: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());
  /** Nobody's tasks are left from the test before. */
  beforeEach(async () => {
    api.clock.set(NOON);
    ada = await api.signedIn();
  });

  /** Time passes, and who was signed in is signed in again. */
  const later = async (seconds: number): Promise<void> => {
    api.clock.advanceSeconds(seconds);
    const { body } = await api.anyone.post('/auth/login', { login: ada.user.username, password: PASSWORD }).expect(200);
    ada = new SignedInCaller(api.url, body as ConstructorParameters<typeof SignedInCaller>[1]);
  };
  const make = async (task: object, by: Caller = ada): Promise<Row> => (await by.post('/tasks', { title: 'Read', ...task }).expect(201)).body as Row;
  const read = async (id: string, by: Caller = ada): Promise<Row> => (await by.get(`/tasks/${id}`).expect(200)).body as Row;
  const list = async (query = '', by: Caller = ada): Promise<Row[]> => ((await by.get(`/tasks?${query}`).expect(200)).body as { data: Row[] }).data;
  const titles = async (query: string, by: Caller = ada): Promise<string[]> => (await list(query, by)).map(({ title }) => title);
  const column = (status: string): Promise<string[]> => titles(`status=${status}&sort=position&limit=100`);

  it('are made, read, changed under their version, completed and reopened', async () => {
    const made = await make({ title: '  Read chapter 4 ', description: 'Pages 80\r\nto 95', priority: 'high', tags: ['Reading', 'reading', 'thesis'], dueDate: '2026-03-05' });
    expect(made).toMatchObject({ title: 'Read chapter 4', description: 'Pages 80\nto 95', status: 'pending', priority: 'high', tags: ['Reading', 'thesis'], dueDate: '2026-03-05', dueLocal: '2026-03-05', timeZone: 'UTC', version: 1 });
    const { headers } = await ada.get(`/tasks/${made.id}`).expect(200);
    const { body: changed } = await ada.put(`/tasks/${made.id}`, { ...made, status: 'in-progress' }).set('if-match', headers['etag']!).expect(200);
    expect(changed).toEqual({ ...made, status: 'in-progress', position: expect.any(Number) as number, version: 2 });
    await ada.patch(`/tasks/${made.id}`, { title: 'Late' }).set('if-match', headers['etag']!).expect(412);
    const { body: completed } = await ada.patch(`/tasks/${made.id}/complete`).expect(200);
    expect(completed).toMatchObject({ status: 'completed', completedAt: '2026-03-02T12:00:00.000Z', nextId: null, version: 3 });
    expect(((await ada.patch(`/tasks/${made.id}/complete`).expect(200)).body as Row).version).toBe(3);
    expect((await ada.patch(`/tasks/${made.id}/reopen`).expect(200)).body).toMatchObject({ status: 'pending', completedAt: null });
  });

  it('of one Idempotency-Key are one', async () => {
    const send = () => ada.post('/tasks', { title: 'Once' }).set('idempotency-key', 'a-key').expect(201);
    const answers = await Promise.all([send(), send(), send()]);
    expect(new Set(answers.map(({ body }) => (body as Row).id)).size).toBe(1);
    expect(await titles('')).toEqual(['Once']);
  });

  it('are due in the zone that they name, the user’s where they name none, and never at a time that was not meant', async () => {
    await ada.put('/users/me/preferences', { timeZone: 'Europe/Berlin' }).expect(200);
    const gap = await make({ dueDate: '2026-03-29T02:30' });
    expect(gap).toMatchObject({ timeZone: 'Europe/Berlin', dueLocal: '2026-03-29T02:30:00', dueDate: '2026-03-29T01:30:00.000Z' });
    // A client that sends back what it got changes nothing.
    expect((await ada.patch(`/tasks/${gap.id}`, { dueDate: gap.dueDate }).expect(200)).body).toMatchObject({ dueLocal: '2026-03-29T02:30:00' });
    expect(await make({ dueDate: '2026-10-25T01:30:00.000Z' })).toMatchObject({ dueLocal: '2026-10-25T02:30:00', dueDate: '2026-10-25T01:30:00.000Z' });
    expect((await ada.patch(`/tasks/${gap.id}`, { timeZone: 'Asia/Tokyo' }).expect(200)).body).toMatchObject({ dueLocal: '2026-03-29T02:30:00', dueDate: '2026-03-28T17:30:00.000Z' });
    expect((await ada.patch(`/tasks/${gap.id}`, { dueDate: null }).expect(200)).body).toMatchObject({ dueDate: null, dueLocal: null });
  });

  it('that recur make the next one when they are completed: one, however many complete it, and none when it is done again', async () => {
    const parent = await make({ title: 'Review', dueDate: '2026-03-03T09:00', timeZone: 'Europe/Berlin', recurrence: 'FREQ=WEEKLY;BYDAY=TU', tags: ['weekly'] });
    const part = await make({ title: 'Inbox', parentId: parent.id, tags: ['mail'] });
    await ada.patch(`/tasks/${part.id}/complete`).expect(200);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ada.patch(`/tasks/${parent.id}/complete`)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const next = new Set(answers.map(({ body }) => (body as Row).nextId));
    expect(next.size).toBe(1);
    expect(await api.db.countBy(Task, { previousId: parent.id })).toBe(1);
    const successor = await read([...next][0]!);
    expect(successor).toMatchObject({ title: 'Review', status: 'pending', tags: ['weekly'], dueLocal: '2026-03-10T09:00:00', recurrence: 'FREQ=WEEKLY;BYDAY=TU', previousId: parent.id, subtasks: { total: 1, completed: 0 } });
    expect(await list(`parentId=${successor.id}`)).toMatchObject([{ title: 'Inbox', status: 'pending', tags: ['mail'] }]);
    await ada.patch(`/tasks/${parent.id}/reopen`).expect(200);
    expect((await ada.patch(`/tasks/${parent.id}/complete`).expect(200)).body).toMatchObject({ nextId: successor.id });
    expect(await list('q=review')).toHaveLength(2);
  });

  it('that recur end when their rule does, and begin anew at a due date that is set by hand', async () => {
    const first = await make({ dueDate: '2026-03-03', recurrence: 'FREQ=DAILY;COUNT=2' });
    const { body: one } = await ada.patch(`/tasks/${first.id}/complete`).expect(200);
    const { body: two } = await ada.patch(`/tasks/${(one as Row).nextId}/complete`).expect(200);
    expect(two).toMatchObject({ dueDate: '2026-03-04', nextId: null });
    const again = await make({ dueDate: '2026-03-03', recurrence: 'FREQ=DAILY;COUNT=2' });
    const { body: next } = await ada.patch(`/tasks/${again.id}/complete`).expect(200);
    await ada.patch(`/tasks/${(next as Row).nextId}`, { dueDate: '2026-03-10' }).expect(200);
    const { body: last } = await ada.patch(`/tasks/${(next as Row).nextId}/complete`).expect(200);
    expect(await read((last as Row).nextId!)).toMatchObject({ dueDate: '2026-03-11' });
  });

  it('stand on a board where a move writes one place, between neighbours that are as close as can be', async () => {
    const [a, b, c] = [await make({ title: 'A' }), await make({ title: 'B' }), await make({ title: 'C' })];
    expect(await column('pending')).toEqual(['A', 'B', 'C']);
    await ada.post(`/tasks/${c.id}/move`, { after: a.id }).expect(200);
    expect(await column('pending')).toEqual(['A', 'C', 'B']);
    await ada.post(`/tasks/${b.id}/move`, { before: a.id }).expect(200);
    expect(await column('pending')).toEqual(['B', 'A', 'C']);
    expect((await ada.post(`/tasks/${a.id}/move`, { status: 'in-progress' }).expect(200)).body).toMatchObject({ status: 'in-progress' });
    expect([await column('pending'), await column('in-progress')]).toEqual([['B', 'C'], ['A']]);
    // Equal places, such as clients may write: the column is numbered anew, and nothing else changes its order.
    for (const { id } of [b, c]) await ada.patch(`/tasks/${id}`, { position: 7 }).expect(200);
    const order = await column('pending');
    const [first] = await list('status=pending&sort=position');
    await ada.post(`/tasks/${a.id}/move`, { after: first!.id }).expect(200);
    expect(await column('pending')).toEqual([order[0], 'A', order[1]]);
    expect((await ada.post(`/tasks/${a.id}/move`, { after: a.id }).expect(422)).body).toMatchObject({ code: 'tasks.no-neighbour' });
    expect((await ada.post(`/tasks/${a.id}/move`, { after: b.id, status: 'completed' }).expect(422)).body).toMatchObject({ code: 'tasks.no-neighbour' });
  });

  it('keep one order while twenty moves come at once into one gap, and sixty one after another', async () => {
    const [a, b] = [await make({ title: 'A' }), await make({ title: 'B' })];
    const others = await Promise.all(Array.from({ length: 20 }, (_, n) => make({ title: `T${n}` })));
    const moves = await Promise.all(others.map(({ id }) => ada.post(`/tasks/${id}/move`, { after: a.id })));
    expect(moves.map(({ status }) => status)).toEqual(others.map(() => 200));
    expect(new Set((await list('status=pending&sort=position&limit=100')).map(({ position }) => position)).size).toBe(22);
    for (let n = 0; n < 60; n += 1) await ada.post(`/tasks/${others[n % 2]!.id}/move`, { after: a.id }).expect(200);
    const all = await list('status=pending&sort=position&limit=100');
    expect(all).toHaveLength(22);
    expect(new Set(all.map(({ position }) => position)).size).toBe(22);
    expect([all[0]!.id, all[1]!.id, all.at(-1)!.id]).toEqual([a.id, others[1]!.id, b.id]);
  });

  it('are parts of others, and never of themselves, not even by two moves at once', async () => {
    const [a, b] = [await make({ title: 'A' }), await make({ title: 'B' })];
    const rings = await Promise.all([ada.patch(`/tasks/${a.id}`, { parentId: b.id }), ada.patch(`/tasks/${b.id}`, { parentId: a.id })]);
    expect(rings.map(({ status }) => status).sort()).toEqual([200, 422]);
    const [top, below] = rings[0].status === 200 ? [b, a] : [a, b];
    expect(await read(top.id)).toMatchObject({ subtasks: { total: 1, completed: 0 } });
    expect((await ada.patch(`/tasks/${top.id}`, { parentId: top.id }).expect(422)).body).toMatchObject({ code: 'tasks.cycle' });
    let deepest = below;
    for (let level = 3; level <= 8; level += 1) deepest = await make({ title: `Level ${level}`, parentId: deepest.id });
    expect((await ada.post('/tasks', { title: 'Level 9', parentId: deepest.id }).expect(422)).body).toMatchObject({ code: 'tasks.too-deep' });
    expect(await titles('parentId=none')).toEqual([top.title]);
  });

  it('go to the trash with their parts, come back with them, and are gone after the time that is set', async () => {
    const parent = await make({ title: 'Move house' });
    const [kept, apart] = [await make({ title: 'Boxes', parentId: parent.id }), await make({ title: 'Van', parentId: parent.id })];
    await ada.delete(`/tasks/${apart.id}`).expect(200);
    api.clock.advanceSeconds(60);
    expect((await ada.delete(`/tasks/${parent.id}`).expect(200)).body).toMatchObject({ id: parent.id, trashedAt: '2026-03-02T12:01:00.000Z' });
    expect(await titles('')).toEqual([]);
    for (const send of [ada.get(`/tasks/${kept.id}`), ada.patch(`/tasks/${kept.id}`, { title: 'X' }), ada.patch(`/tasks/${kept.id}/complete`), ada.delete(`/tasks/${kept.id}`)]) expect((await send).status).toBe(404);
    expect(((await ada.get('/tasks/trash').expect(200)).body as { data: Row[] }).data).toHaveLength(3);
    await ada.post(`/tasks/${parent.id}/restore`).expect(200);
    expect((await titles('sort=title'))).toEqual(['Boxes', 'Move house']);
    // A part whose whole is gone stands alone.
    await ada.delete(`/tasks/${parent.id}`).expect(200);
    expect((await ada.post(`/tasks/${kept.id}/restore`).expect(200)).body).toMatchObject({ parentId: null, trashedAt: null });
    await later(31 * DAY_SECONDS);
    const { body } = await ada.get('/tasks/trash').expect(200);
    expect((body as { data: Row[] }).data).toHaveLength(2);
    await api.app.get(Jobs).run('tasks.purge-trash');
    expect(await api.db.countBy(Task, { ownerId: ada.user.id })).toBe(1);
    await ada.post(`/tasks/${parent.id}/restore`).expect(404);
    expect(await api.db.countBy(TaskWords, { taskId: parent.id })).toBe(0);
  });

  it('in the trash can be removed at once, one or all', async () => {
    const [one, two, live] = [await make({ title: 'One' }), await make({ title: 'Two' }), await make({ title: 'Live' })];
    await ada.post(`/tasks/${one.id}/purge`).expect(404);
    for (const { id } of [one, two]) await ada.delete(`/tasks/${id}`).expect(200);
    expect((await ada.post(`/tasks/${one.id}/purge`).expect(200)).body).toEqual({ id: one.id, title: 'One' });
    expect((await ada.delete('/tasks/trash').expect(200)).body).toEqual({ removed: 1 });
    expect((await api.db.findBy(Task, { ownerId: ada.user.id })).map(({ id }) => id)).toEqual([live.id]);
    expect((await api.db.findBy(AuditEvent, { actorId: ada.user.id })).map(({ action }) => action)).toEqual(expect.arrayContaining(['tasks.purge', 'tasks.empty-trash']));
  });

  it('are found by words and beginnings of words, in every script, whatever their case and accents', async () => {
    await make({ title: 'Das Übungsblatt', description: 'Sauerteig; a 5 g probe of the starter' });
    await make({ title: '日本語の単語を復習する', tags: ['Vokabeln'] });
    await make({ title: 'Повторить главу' });
    const finds = async (q: string): Promise<number> => (await list(`q=${encodeURIComponent(q)}`)).length;
    for (const q of ['ubungs', 'ÜBUNGSBLATT', 'sauer starter', 'the', 'a 5 g', '日本', '単語', 'vokab', 'глав']) expect([q, await finds(q)]).toEqual([q, 1]);
    for (const q of ['blatt', 'sauer vokabeln', '!!!', '"', '*', '+das -das', 'zzdas', '日本人']) expect([q, await finds(q)]).toEqual([q, q === '+das -das' ? 1 : 0]);
    expect(await finds('')).toBe(3);
    const [task] = await list('q=sauerteig');
    await ada.patch(`/tasks/${task!.id}`, { description: 'Roggen' }).expect(200);
    expect([await finds('sauerteig'), await finds('roggen')]).toEqual([0, 1]);
  });

  it('are listed by status, priority, tag, due date and parent, sorted, in pages that meet', async () => {
    const parent = await make({ title: 'Late', dueDate: '2026-03-01', priority: 'urgent', tags: ['Home'] });
    await make({ title: 'Today', dueDate: '2026-03-02', priority: 'low', tags: ['home', 'work'] });
    await make({ title: 'Soon', dueDate: '2026-03-08T23:00:00Z', parentId: parent.id });
    await make({ title: 'Later', dueDate: '2026-03-09T00:00:00Z' });
    const someday = await make({ title: 'Someday' });
    await ada.patch(`/tasks/${someday.id}/complete`).expect(200);
    const asked: [string, string[]][] = [
      ['due=overdue', ['Late']], ['due=today', ['Today']], ['due=week&sort=dueDate', ['Today', 'Soon']], ['due=none', ['Someday']], ['due=overdue&due=none&sort=title', ['Late', 'Someday']],
      ['tag=HOME&sort=title', ['Late', 'Today']], ['tag=work', ['Today']], ['priority=urgent&priority=low&sort=-priority', ['Late', 'Today']], ['status=completed', ['Someday']],
      [`parentId=${parent.id}`, ['Soon']], ['dueDate_lte=2026-03-02&sort=title', ['Late', 'Today']], ['title_like=late&sort=title', ['Late', 'Later']], ['sort=dueDate', ['Late', 'Today', 'Soon', 'Later', 'Someday']],
    ];
    for (const [query, expected] of asked) expect([query, await titles(query)]).toEqual([query, expected]);
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await ada.get(`/tasks?sort=dueDate&limit=2${cursor}`).expect(200);
      const { data, nextCursor } = body as { data: Row[]; nextCursor: string | null };
      paged.push(...data.map(({ title }) => title));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(paged).toEqual(['Late', 'Today', 'Soon', 'Later', 'Someday']);
    for (const query of ['due=sometimes', 'sort=owner', 'ownerId=1', 'priority=9']) await ada.get(`/tasks?${query}`).expect(400);
    expect((await ada.get('/tasks/stats').expect(200)).body).toEqual({ total: 5, byStatus: { pending: 4, 'in-progress': 0, completed: 1 }, openByPriority: { low: 1, medium: 2, high: 0, urgent: 1 }, overdue: 1, dueToday: 1, trashed: 0 });
  });

  it('change in bulk, all or none', async () => {
    const tasks = [await make({ title: 'A', tags: ['x'] }), await make({ title: 'B', tags: ['y'] })];
    const ids = tasks.map(({ id }) => id);
    const bulk = (request: object) => ada.post('/tasks/bulk', { ids, ...request });
    expect((await bulk({ action: 'update', change: { priority: 'high', status: 'in-progress' }, addTags: ['z'], removeTags: ['X'] }).expect(200)).body).toMatchObject({
      data: [{ id: ids[0], priority: 'high', status: 'in-progress', tags: ['z'] }, { id: ids[1], tags: ['y', 'z'] }],
    });
    // The second one cannot become a part of itself: the first one stays as it was, too.
    await bulk({ action: 'update', change: { title: 'Both', parentId: ids[1] } }).expect(422);
    expect(await titles('sort=title')).toEqual(['A', 'B']);
    expect((await bulk({ action: 'trash', ids: [...ids, '0190f3f3-0000-7000-8000-000000000000'] }).expect(404)).body).toMatchObject({ code: 'task.not-found', violations: [{ pointer: '/ids/2' }] });
    expect(await titles('')).toHaveLength(2);
    await ada.patch(`/tasks/${ids[0]}`, { parentId: ids[1] }).expect(200);
    await bulk({ action: 'trash' }).expect(200);
    expect(await titles('')).toEqual([]);
    expect((await bulk({ action: 'restore' }).expect(200)).body).toMatchObject({ data: [{ parentId: ids[1], trashedAt: null }, { trashedAt: null }] });
    await bulk({ action: 'update', ids: [] }).expect(400);
    await bulk({ action: 'explode' }).expect(400);
  });

  it('are shown by saved views, which say what they mean on the day they are read', async () => {
    await make({ title: 'Report', dueDate: '2026-03-03', tags: ['work'] });
    const { body: view } = await ada.post('/task-views', { name: 'Work today', query: 'due=today&tag=work&sort=dueDate' }).expect(201);
    const { id } = view as Row;
    const shown = async (query = ''): Promise<string[]> => ((await ada.get(`/task-views/${id}/tasks?${query}`).expect(200)).body as { data: Row[] }).data.map(({ title }) => title);
    expect(await shown()).toEqual([]);
    await later(DAY_SECONDS);
    expect(await shown('limit=5')).toEqual(['Report']);
    expect(await shown('due=none')).toEqual([]);
    expect((await ada.post('/task-views', { name: 'WORK TODAY', query: '' }).expect(409)).body).toMatchObject({ code: 'tasks.view-name-taken' });
    for (const query of ['due=sometimes', 'colour=red', 'limit=5', 'sort=owner', 'id=1']) await ada.post('/task-views', { name: query, query }).expect(400);
    expect((await ada.patch(`/task-views/${id}`, { name: 'Work' }).expect(200)).body).toMatchObject({ name: 'Work', version: 2 });
    await ada.patch(`/task-views/${id}`, { name: 'Home' }).set('if-match', '"1"').expect(412);
    expect((await ada.get('/task-views').expect(200)).body).toMatchObject({ data: [{ id, name: 'Work' }] });
    await ada.delete(`/task-views/${id}`).expect(200);
    await ada.get(`/task-views/${id}/tasks`).expect(404);
  });

  it('are a calendar under a secret address, until it is changed, revoked, or its owner is gone', async () => {
    await make({ title: 'Whole; day, 日本語の単語を復習する日本語の単語を復習する', description: 'one\ntwo', dueDate: '2026-03-05', tags: ['a,b', 'c'], priority: 'urgent' });
    await make({ title: 'At nine', dueDate: '2026-03-29T09:00', timeZone: 'Europe/Berlin' });
    await make({ title: 'Whenever' });
    await ada.get('/tasks/feed').expect(404);
    const addressOf = async (): Promise<string> => ((await ada.post('/tasks/feed').expect(201)).body as { url: string }).url.replace(/^.*\/api\/v1/, '');
    const first = await addressOf();
    const secret = first.split('secret=')[1]!;
    expect(JSON.stringify([await api.db.find(TaskFeed), await api.db.findBy(AuditEvent, { actorId: ada.user.id }), (await ada.get('/tasks/feed').expect(200)).body])).not.toContain(secret);
    const { headers, text } = await api.anyone.get(first).expect(200).expect('content-type', 'text/calendar; charset=utf-8');
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const unfolded = text.replace(/\r\n /g, '');
    for (const line of ['SUMMARY:Whole\\; day\\, 日本語の単語を復習する日本語の単語を復習する', 'DESCRIPTION:one\\ntwo', 'DUE;VALUE=DATE:20260305', 'CATEGORIES:a\\,b,c', 'PRIORITY:1', 'DUE:20260329T070000Z', 'STATUS:NEEDS-ACTION']) expect(unfolded).toContain(`\r\n${line}\r\n`);
    expect(unfolded.match(/BEGIN:VTODO/g)).toHaveLength(3);
    expect((await api.anyone.get(`${first}&as=events`).expect(200)).text.match(/BEGIN:VEVENT/g)).toHaveLength(2);
    await api.anyone.get(first).set('if-none-match', headers['etag']!).expect(304);
    await make({ title: 'New' });
    await api.anyone.get(first).set('if-none-match', headers['etag']!).expect(200);
    const second = await addressOf();
    await api.anyone.get(first).expect(404);
    await api.anyone.get(second).expect(200);
    await ada.delete('/tasks/feed').expect(200);
    await api.anyone.get(second).expect(404);
    await ada.delete('/tasks/feed').expect(404);
    const third = await addressOf();
    expect((await api.db.findBy(AuditEvent, { actorId: ada.user.id })).map(({ action }) => action)).toEqual(expect.arrayContaining(['tasks.make-feed', 'tasks.rotate-feed', 'tasks.revoke-feed']));
    const admin = await api.admin();
    await admin.post(`/admin/users/${ada.user.id}/ban`, { reason: 'for the test' }).expect(200);
    await api.anyone.get(third).expect(404);
    await admin.post(`/admin/users/${ada.user.id}/unban`, { reason: 'for the test' }).expect(200);
    await api.anyone.get(third).expect(200);
    await admin.delete(`/admin/users/${ada.user.id}`, { reason: 'for the test' }).expect(200);
    await api.anyone.get(third).expect(404);
    for (const query of ['', '?secret=short', `?secret=${'x'.repeat(43)}&as=poem`]) await api.anyone.get(`/tasks/calendar.ics${query}`).expect(400);
  });

  it('refuse what makes no sense, with a field and a reason', async () => {
    const wrong: [object, number, string][] = [
      [{ title: '' }, 400, '/title'], [{ title: '   ' }, 400, '/title'], [{ title: 'x'.repeat(501) }, 400, '/title'], [{ title: 'a\u0000b' }, 400, '/title'], [{ title: 'a\nb' }, 400, '/title'], [{ title: 7 }, 400, '/title'],
      [{ description: 'a\u0007b' }, 400, '/description'], [{ description: 'x'.repeat(10_001) }, 400, '/description'], [{ status: 'done' }, 400, '/status'], [{ priority: 'highest' }, 400, '/priority'],
      [{ tags: ['a\u0000'] }, 400, '/tags'], [{ tags: ['a\u202e\nb'] }, 400, '/tags'], [{ tags: [''] }, 400, '/tags'], [{ tags: ['x'.repeat(51)] }, 400, '/tags'], [{ tags: 'work' }, 400, '/tags'], [{ tags: [1] }, 400, '/tags'], [{ tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, 400, '/tags'],
      [{ dueDate: '2026-02-30' }, 400, '/dueDate'], [{ dueDate: 'tomorrow' }, 400, '/dueDate'], [{ dueDate: 5 }, 400, '/dueDate'], [{ timeZone: 'Mars/Olympus' }, 400, '/timeZone'], [{ position: 1e300 }, 400, '/position'], [{ position: 'first' }, 400, '/position'],
      [{ recurrence: 'every day' }, 400, '/recurrence'], [{ recurrence: 'FREQ=DAILY\nX:1' }, 400, '/recurrence'], [{ recurrence: 'FREQ=DAILY' }, 422, '/recurrence'], [{ dueDate: '2026-03-03', recurrence: 'FREQ=SECONDLY' }, 422, '/recurrence'],
      [{ dueDate: '2026-03-03', recurrence: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 422, '/recurrence'], [{ colour: 'red' }, 400, '/colour'], [{ parentId: 'x' }, 400, '/parentId'],
    ];
    for (const [task, status, pointer] of wrong) {
      const { status: answered, body } = await ada.post('/tasks', { title: 'Read', ...task });
      expect([task, answered, (body as { violations?: { pointer: string }[] }).violations?.[0]?.pointer]).toEqual([task, status, pointer]);
    }
    expect(await titles('')).toEqual([]);
    // One that never ends makes one next, like any other.
    const endless = await make({ dueDate: '2026-03-03', recurrence: 'FREQ=DAILY' });
    await ada.patch(`/tasks/${endless.id}/complete`).expect(200);
    expect(await titles('')).toHaveLength(2);
    expect((await ada.patch(`/tasks/${endless.id}`, { dueDate: null }).expect(422)).body).toMatchObject({ code: 'tasks.recurrence-needs-due' });
  });

  it('go with their owner when the owner is erased', async () => {
    const parent = await make({ title: 'A', tags: ['x'] });
    await make({ title: 'B', parentId: parent.id });
    await ada.post('/task-views', { name: 'All', query: '' }).expect(201);
    await ada.post('/tasks/feed').expect(201);
    const erased = await api.app.get(Erasure).erase(ada.user.id);
    expect(erased).toMatchObject({ tasks: 2, task_views: 1, task_feeds: 1, task_boards: 1 });
    expect(await api.db.countBy(TaskTag, { taskId: parent.id })).toBe(0);
    expect(await api.db.countBy(TaskWords, { taskId: parent.id })).toBe(0);
  });

  describe('are their owner’s alone', () => {
    /** What gets each route past the checks of its body: only then does it look whose task it is. */
    const BODIES: Record<string, object> = {
      'PUT /tasks/:id': { title: 'Taken' },
      'PATCH /tasks/:id': { title: 'Taken' },
      'POST /tasks/:id/move': { status: 'in-progress' },
      'PUT /task-views/:id': { name: 'Taken' },
      'PATCH /task-views/:id': { name: 'Taken too' },
    };
    type Ids = Readonly<Record<'tasks' | 'trash' | 'views', string>>;
    const UNKNOWN: Ids = { tasks: newId(), trash: newId(), views: newId() };
    let routes: Route[];
    let withIds: Route[];
    beforeAll(() => {
      routes = routesOf(api.app.get(DiscoveryService, { strict: false })).filter(({ path, rule }) => /^\/task(?:s|-views)(?:\/|$)/.test(path) && !rule.isPublic);
      withIds = routes.filter(({ path }) => path.includes(':id'));
    });

    const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
    const possessions = async (by: Caller): Promise<Ids> => {
      const [task, gone] = [await make({ title: 'Secret recipe', tags: ['recipe'] }, by), await make({ title: 'Gone' }, by)];
      await by.delete(`/tasks/${gone.id}`).expect(200);
      const { body } = await by.post('/task-views', { name: `View ${task.id}`, query: 'q=recipe' }).expect(201);
      return { tasks: task.id, trash: gone.id, views: (body as Row).id };
    };
    const call = async (caller: Caller, route: Route, ids: Ids): Promise<{ status: number; code: unknown }> => {
      const ofTask = /\/(?:restore|purge)$/.test(route.path) ? ids.trash : ids.tasks;
      const url = route.path.replace(':id', route.path.startsWith('/task-views') ? ids.views : ofTask);
      const verb = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
      const { status, body } = await (verb === 'get' ? caller.get(url) : caller[verb](url, BODIES[nameOf(route)]));
      return { status, code: (body as { code?: string }).code };
    };
    const stateOf = async (ownerId: string): Promise<object> => ({
      tasks: await api.db.find(Task, { where: { ownerId }, order: { id: 'ASC' } }), views: await api.db.find(TaskView, { where: { ownerId }, order: { id: 'ASC' } }), feeds: await api.db.findBy(TaskFeed, { ownerId }),
    });

    it('on every route: the owner is let in, and another user is told what an unknown id is told', async () => {
      expect(withIds.length).toBeGreaterThan(13);
      const stranger = await api.signedIn();
      const wrong: string[] = [];
      for (const route of withIds) {
        const ids = await possessions(ada);
        const before = await stateOf(ada.user.id);
        const [foreign, unknown] = [await call(stranger, route, ids), await call(stranger, route, UNKNOWN)];
        if (foreign.status !== 404 || JSON.stringify(foreign) !== JSON.stringify(unknown)) wrong.push(`${nameOf(route)}: ${JSON.stringify([foreign, unknown])}`);
        expect(await stateOf(ada.user.id)).toEqual(before);
        const own = await call(ada, route, ids);
        if (own.status !== 200) wrong.push(`${nameOf(route)}, by the owner: ${JSON.stringify(own)}`);
      }
      expect(wrong).toEqual([]);
    });

    it('in bulk, in what others refer to, in lists, filters, searches, counts and many by id', async () => {
      const ids = await possessions(ada);
      const before = await stateOf(ada.user.id);
      const stranger = await api.signedIn();
      const mine = await make({ title: 'Mine' }, stranger);
      for (const action of ['update', 'trash', 'restore']) {
        const { body } = await stranger.post('/tasks/bulk', { action, ids: [mine.id, ids.tasks, ids.trash], change: { title: 'Taken' } }).expect(404);
        expect(body).toMatchObject({ code: 'task.not-found', violations: [{ pointer: '/ids/1' }, { pointer: '/ids/2' }] });
      }
      expect(await read(mine.id, stranger)).toEqual(mine);
      await stranger.patch(`/tasks/${mine.id}`, { parentId: ids.tasks }).expect(404);
      await stranger.post('/tasks', { title: 'Part', parentId: ids.tasks }).expect(404);
      await stranger.post(`/tasks/${mine.id}/move`, { after: ids.tasks }).expect(404);
      for (const query of ['q=recipe', 'tag=recipe', `parentId=${ids.tasks}`, `id=${ids.tasks}&limit=5`, 'title=secret%20recipe']) expect([query, await titles(query, stranger)]).toEqual([query, []]);
      expect(await titles(`id=${ids.tasks}&id=${mine.id}&id=${ids.trash}`, stranger)).toEqual(['Mine']);
      const { body: many } = await stranger.get(`/tasks?filter=${encodeURIComponent(JSON.stringify({ id: [ids.tasks, mine.id] }))}`).expect(200);
      expect((many as Row[]).map(({ id }) => id)).toEqual([mine.id]);
      expect((await stranger.get('/tasks/trash').expect(200)).body).toMatchObject({ data: [] });
      expect((await stranger.get('/task-views').expect(200)).body).toMatchObject({ data: [] });
      expect((await stranger.get('/tasks/stats').expect(200)).body).toMatchObject({ total: 1, trashed: 0 });
      expect((await stranger.delete('/tasks/trash').expect(200)).body).toEqual({ removed: 0 });
      expect(await stateOf(ada.user.id)).toEqual(before);
    });

    it('and no staff’s, no admin’s, no key’s without the scope, and not theirs any more once they are deleted', async () => {
      const ids = await possessions(ada);
      const deleted = await api.signedIn();
      const theirs = await possessions(deleted);
      await deleted.delete('/users/me', { password: PASSWORD }).expect(200);
      const before = await stateOf(ada.user.id);
      const reader = await api.withKey(ada, { scopes: [Permission.TasksRead] });
      const callers: [string, Caller, Ids][] = [
        ['nobody', api.anyone, ids], ['staff', await api.staff(StaffLevel.Lead), ids], ['admin', await api.admin(), ids], ['deleted', deleted, theirs],
        ['key', await api.withKey(ada, { scopes: [Permission.UsageRead] }), ids], ['service', await api.serviceKey(Permission.MessagesRead), ids],
      ];
      const wrong: string[] = [];
      for (const route of routes) {
        for (const [name, caller, own] of callers) {
          const { status } = await call(caller, route, own);
          if (![401, 403].includes(status)) wrong.push(`${name}: ${nameOf(route)}: ${status}`);
        }
        if (route.method !== 'GET' && (await call(reader, route, ids)).status !== 403) wrong.push(`reading key: ${nameOf(route)}`);
      }
      expect(wrong).toEqual([]);
      expect(await stateOf(ada.user.id)).toEqual(before);
      await reader.get(`/tasks/${ids.tasks}`).expect(200);
    });
  });
});
