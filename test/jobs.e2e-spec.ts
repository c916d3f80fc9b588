import { setTimeout as after } from 'node:timers/promises';
import { type JobReport, Jobs } from '../src/platform/jobs/jobs.js';
import { Api, type SignedInCaller } from './support/api.js';

interface Job {
  id: string;
  outcome: string | null;
  failures: number;
  next: string;
  retryAt: string | null;
  error: string | null;
}

describe('scheduled jobs', () => {
  let api: Api;
  let other: Api;
  let admin: SignedInCaller;
  let ran = 0;
  let work: () => Promise<JobReport>;
  const job = { name: 'test.job', description: 'counts its runs', schedule: '0 0 4 * * *', run: () => work() };

  beforeAll(async () => {
    api = await Api.start();
    const { dataDir, databaseUrl } = api.settings;
    // A second instance on the same database; both count into one number.
    other = await Api.start({ dataDir, ...(databaseUrl && { databaseUrl }) }, api.clock);
    for (const { app } of [api, other]) app.get(Jobs).define(job);
  });
  afterAll(async () => {
    await other.close();
    await api.close();
  });
  beforeEach(async () => {
    admin = await api.admin();
    ran = 0;
    work = async () => ({ runs: (ran += 1) });
  });

  const jobs = (instance = api): Jobs => instance.app.get(Jobs);
  const read = async (): Promise<Job> => (await admin.get('/admin/jobs/test.job').expect(200)).body as Job;

  it('run once for each instant of the schedule, however many instances there are and however short the run is', async () => {
    const slots = ['2026-03-02T04:00:00Z', '2026-03-03T04:00:00Z'].map((text) => new Date(text));
    for (const slot of slots) {
      const claims = Array.from({ length: 10 }, () => [jobs().runScheduled('test.job', slot), jobs(other).runScheduled('test.job', slot)]).flat();
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
      expect(await jobs(other).runScheduled('test.job', slot)).toBe(false);
    }
    expect(ran).toBe(2);
  });

  it('run now on request, which is audited, and tell how it ended', async () => {
    const { body } = await admin.post('/admin/jobs/test.job/run').expect(200);
    expect(body).toMatchObject({ job: 'test.job', cause: 'request', outcome: 'succeeded', counts: { runs: 1 }, error: null, finishedAt: expect.any(String) });
    const { body: events } = await admin.get('/admin/audit-events?action=jobs.run&targetId=test.job').expect(200);
    expect(events).toMatchObject([{ actorId: admin.user.id, after: { run: (body as { id: string }).id } }]);
    await admin.post('/admin/jobs/no.job/run').expect(404);
  });

  it('refuse a second run meanwhile', async () => {
    let finish = (): void => undefined;
    const began = new Promise<void>((tell) => {
      work = () => {
        tell();
        return new Promise((end) => (finish = () => end({ runs: 1 })));
      };
    });
    const first = admin.post('/admin/jobs/test.job/run').then(({ status }) => status);
    await Promise.race([began, after(20_000, undefined, { ref: false })]);
    await admin.post('/admin/jobs/test.job/run').expect(409);
    expect(await read()).toMatchObject({ outcome: 'running' });
    finish();
    expect(await first).toBe(200);
  });

  it('that failed are tried again after one, two, four minutes, are seen to fail, and are well again once they succeed', async () => {
    work = () => Promise.reject(new Error('ENOENT: no such file, open /var/lib/provost/secret.txt'));
    const failed = await admin.post('/admin/jobs/test.job/run').expect(200);
    expect(failed.body).toMatchObject({ outcome: 'failed', error: 'ENOENT: no such file, open …' });
    for (const [failures, minutes] of [[1, 1], [2, 2], [3, 4]] as const) {
      const { retryAt } = await read();
      expect(await read()).toMatchObject({ outcome: 'failed', failures });
      expect(Date.parse(retryAt!) - api.clock.millis()).toBe(minutes * 60_000);
      expect(await jobs().retryDue()).toEqual([]);
      api.clock.advanceSeconds(minutes * 60);
      expect((await Promise.all([jobs().retryDue(), jobs(other).retryDue()])).flat()).toEqual(['test.job']);
    }
    expect((await api.anyone.get('/health').expect(200)).body).toMatchObject({ checks: { jobs: { status: 'failing', details: { failing: 1 } } } });
    expect((await api.anyone.get('/metrics').expect(200)).text).toContain('provost_job_failures_in_a_row{job="test.job"} 4');
    work = async () => ({ runs: 1 });
    api.clock.advanceSeconds(8 * 60);
    admin = await api.admin();
    expect(await jobs().retryDue()).toEqual(['test.job']);
    expect(await read()).toMatchObject({ outcome: 'succeeded', failures: 0, retryAt: null, error: null });
    expect((await api.anyone.get('/metrics').expect(200)).text).not.toContain('job_failures_in_a_row{job="test.job"');
  });

  it('are listed with their last run and their next, in the dialects of admin panels', async () => {
    const { body, headers } = await admin.get('/admin/jobs?_start=0&_end=5&_sort=next&_order=DESC').expect(200);
    expect(body).toHaveLength(5);
    expect(Number(headers['x-total-count'])).toBe(jobs().list().length);
    const next = (body as Job[]).map((each) => each.next);
    expect(next).toEqual([...next].sort().reverse());
    const { body: ours } = await admin.get('/admin/jobs?filter={"id":["test.job"]}').expect(200);
    expect(ours).toMatchObject([{ id: 'test.job', outcome: 'succeeded', next: '2026-03-03T04:00:00.000Z' }]);
    await admin.get('/admin/jobs?nonsense=1').expect(400);
  });

  it('keep a history of 14 days', async () => {
    const { body } = await admin.get('/admin/jobs/test.job/runs?outcome=failed').expect(200);
    expect(body).toHaveLength(4);
    expect(body).toMatchObject([{ cause: 'retry' }, { cause: 'retry' }, { cause: 'retry' }, { cause: 'request' }]);
    api.clock.advanceSeconds(15 * 86_400);
    await jobs().run('jobs.purge');
    const again = await api.admin();
    expect((await again.get('/admin/jobs/test.job/runs').expect(200)).body).toEqual([]);
  });
});
