import { randomUUID } from 'node:crypto';
import { Permission } from '../src/access/permission.js';
import { Changes } from '../src/platform/changes/changes.js';
import { Api } from './support/api.js';
import { until } from './support/until.js';

describe('operations', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('says that it lives, is ready and has a database, without credentials', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/health/db']) {
      const { body } = await api.anyone.get(path).expect(200);
      expect(body).toMatchObject({ status: 'ok' });
    }
  });

  it('answers an unknown route with a problem that names no internals', async () => {
    const { body } = await api.anyone.get('/nowhere').expect(404).expect('content-type', /application\/problem\+json/);
    expect(body).toMatchObject({ status: 404, code: 'route.not-found', instance: '/api/v1/nowhere' });
  });

  it('answers without credentials with 401 and a challenge', async () => {
    const { body } = await api.anyone.get('/users/me').expect(401).expect('www-authenticate', /Bearer/);
    expect(body).toMatchObject({ code: 'auth.required' });
  });

  describe('metrics of requests', () => {
    const metrics = async (): Promise<string> => (await api.anyone.get('/metrics').expect(200)).text;
    const valueOf = (text: string, series: string): number => Number(text.split('\n').find((line) => line.startsWith(`${series} `))?.split(' ')[1] ?? 0);
    const requests = (method: string, route: string, statusClass: string): string => `provost_http_requests_total{method="${method}",route="${route}",status_class="${statusClass}"}`;
    /** By how much each series grew while something was done, once the first has grown as expected: an answer may be read before it is counted. */
    const expectGrowth = async (done: () => Promise<unknown>, expected: Record<string, number>): Promise<void> => {
      const [before, [[first, most]]] = [await metrics(), Object.entries(expected) as [[string, number]]];
      await done();
      await until(async () => valueOf(await metrics(), first) >= valueOf(before, first) + most);
      const after = await metrics();
      expect(Object.fromEntries(Object.keys(expected).map((each) => [each, valueOf(after, each) - valueOf(before, each)]))).toEqual(expected);
    };

    it('count and time a request under the pattern of its route, and no label holds an id', async () => {
      const ada = await api.signedIn();
      const { body: task } = await ada.post('/tasks', { title: 'Rinse' }).expect(201);
      const route = 'method="GET",route="/api/v1/tasks/:id"';
      await expectGrowth(() => ada.get(`/tasks/${task.id}`).expect(200), {
        [requests('GET', '/api/v1/tasks/:id', '2xx')]: 1,
        [`provost_http_request_duration_seconds_bucket{${route},le="+Inf"}`]: 1,
        [`provost_http_request_duration_seconds_count{${route}}`]: 1,
      });
      const text = await metrics();
      expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
      expect(text).not.toContain(ada.user.username);
    });

    it('count what is refused with its class and its code, and leave it out of the times', async () => {
      await expectGrowth(() => api.anyone.get(`/tasks/${randomUUID()}`).expect(401), {
        [requests('GET', '/api/v1/tasks/:id', '4xx')]: 1,
        'provost_http_problems_total{code="auth.required",status="401"}': 1,
        'provost_http_request_duration_seconds_count{method="GET",route="/api/v1/tasks/:id"}': 0,
      });
    });

    it('count all paths that there are not as one', async () => {
      const seriesOf = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('provost_http_')).map((line) => line.split(' ')[0]!);
      await api.anyone.get('/nowhere').expect(404);
      await until(async () => valueOf(await metrics(), requests('any', 'unmatched', '4xx')) > 0);
      const before = seriesOf(await metrics());
      const strange = (index: number): Promise<Response> => fetch(`${api.url}/nowhere-${index}`, { method: index % 2 === 0 ? 'GET' : 'PROPFIND' });
      const all = async (): Promise<void> => expect(new Set((await Promise.all(Array.from({ length: 50 }, (_, index) => strange(index)))).map(({ status }) => status))).toEqual(new Set([404]));
      await expectGrowth(all, { [requests('any', 'unmatched', '4xx')]: 50 });
      expect(seriesOf(await metrics())).toEqual(before);
    });

    it('count a long poll without timing it, and nothing of probes', async () => {
      const middleware = await api.serviceKey(Permission.Verify);
      await api.app.get(Changes).poll();
      const { cursor } = (await middleware.get('/auth/revocations').expect(200)).body as { cursor: string };
      await expectGrowth(() => middleware.get(`/auth/revocations?cursor=${cursor}&waitSeconds=1`).expect(200), { [requests('GET', '/api/v1/auth/revocations', '2xx')]: 1 });
      await api.anyone.get('/health/live').expect(200);
      const text = await metrics();
      expect(text).not.toMatch(/provost_http_request_duration_seconds_count\{[^}]*revocations/);
      expect(text).not.toMatch(/route="\/(?:health|metrics)/);
    });
  });
});
