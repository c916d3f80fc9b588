import { BuiltService, environmentOf } from './support/built.js';
import { type Scratch, scratchDatabase } from './support/scratch-database.js';

interface Operation {
  operationId: string;
  summary?: string;
  security?: object[];
  responses: Record<string, { description: string; content?: Record<string, unknown> }>;
  requestBody?: object;
  parameters?: { $ref?: string; name?: string }[];
  'x-public'?: boolean;
  'x-permission'?: string;
}

interface Route {
  method: string;
  path: string;
  operation: Operation;
}

/** The document is made by the build (the plugin runs there), so this looks at the built service. */
describe('the API as its document describes it', () => {
  let scratch: Scratch;
  let service: BuiltService;
  let routes: Route[];
  beforeAll(async () => {
    scratch = await scratchDatabase();
    service = await BuiltService.start(environmentOf(scratch));
    const document = (await (await fetch(`${service.url}/docs-json`)).json()) as { paths: Record<string, Record<string, Operation>> };
    routes = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));
  });
  afterAll(async () => {
    await service.stop();
    await scratch.drop();
  });

  const urlOf = (path: string): string => service.url + path.replace(/\{\w+\}/g, '0190f3f3-0000-7000-8000-000000000000');
  const send = ({ method, path }: Route, headers: Record<string, string> = {}, body?: string): Promise<Response> => fetch(urlOf(path), { method, headers, body });

  it('says of every operation what it does, who may call it, and what it answers', () => {
    expect(routes.length).toBeGreaterThan(40);
    for (const { operation } of routes) {
      expect([operation.operationId, operation.summary]).toEqual([operation.operationId, expect.stringMatching(/^[A-Z].{10,}/)]);
      expect([operation.operationId, operation['x-public'] === true ? operation.security : Boolean(operation['x-permission'])]).toEqual([operation.operationId, operation['x-public'] === true ? [] : true]);
      const statuses = Object.keys(operation.responses);
      expect([operation.operationId, statuses.some((status) => status.startsWith('2')), statuses.includes('400'), statuses.includes('503')]).toEqual([operation.operationId, true, true, true]);
    }
    expect(new Set(routes.map(({ operation }) => operation.operationId)).size).toBe(routes.length);
  });

  it('documents what every list takes once, and the filters of each', () => {
    const { parameters = [] } = routes.find(({ method, path }) => method === 'GET' && path.endsWith('/admin/users'))!.operation;
    expect(parameters).toContainEqual({ $ref: '#/components/parameters/ListRange' });
    expect(parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(['sort', 'q', 'status', 'createdAt_gte', 'username_like']));
  });

  it('is closed without credentials, but for what is public', async () => {
    const open = routes.filter(({ operation }) => operation['x-public']).map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual(
      [
        'GET /.well-known/jwks.json', 'GET /api/v1/tasks/calendar.ics', 'GET /health', 'GET /health/db', 'GET /health/live', 'GET /health/ready', 'GET /metrics',
        'POST /api/v1/admin/auth/login', 'POST /api/v1/admin/auth/login/mfa', 'POST /api/v1/admin/auth/csrf', 'POST /api/v1/admin/auth/logout', 'POST /api/v1/admin/auth/logout-all', 'POST /api/v1/admin/auth/refresh',
        'POST /api/v1/staff/auth/login', 'POST /api/v1/staff/auth/login/mfa', 'POST /api/v1/staff/auth/csrf', 'POST /api/v1/staff/auth/logout', 'POST /api/v1/staff/auth/logout-all', 'POST /api/v1/staff/auth/refresh',
        'POST /api/v1/staff/auth/email/resend', 'POST /api/v1/staff/auth/email/verify', 'POST /api/v1/staff/auth/password/forgot', 'POST /api/v1/staff/auth/password/reset',
        'POST /api/v1/auth/email/resend', 'POST /api/v1/auth/email/verify',
        'POST /api/v1/auth/password/forgot', 'POST /api/v1/auth/password/reset',
        'POST /api/v1/auth/login', 'POST /api/v1/auth/login/mfa', 'POST /api/v1/auth/csrf', 'POST /api/v1/auth/logout', 'POST /api/v1/auth/logout-all', 'POST /api/v1/auth/refresh', 'POST /api/v1/auth/register',
      ].sort(),
    );
    for (const route of routes.filter(({ operation }) => !operation['x-public'])) {
      const answer = await send(route);
      expect([route.operation.operationId, answer.status, answer.headers.get('content-type')]).toEqual([route.operation.operationId, 401, 'application/problem+json; charset=utf-8']);
    }
  });

  it('answers junk with a clear 4xx and never with a 5xx, a stack or SQL', async () => {
    const account = { username: 'fuzz', email: 'fuzz@example.org', password: 'correct horse battery 9' };
    const json = { 'content-type': 'application/json' };
    const post = async (path: string, body: object): Promise<Record<string, string>> =>
      (await (await fetch(`${service.url}/api/v1${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) })).json()) as Record<string, string>;
    await post('/auth/register', account);
    const { accessToken } = await post('/auth/login', { login: 'fuzz', password: account.password });
    const bodies = [
      '', '{', 'null', '[]', '0', '"text"', '{"a":1}', '{"__proto__":{}}', '{"constructor":{"prototype":{}}}', `{"name":"${'x'.repeat(100_000)}"}`,
      '{"name":"\\u0000"}', '{"name":"\\ud800"}', '{"conversations":1e308}', '{"credits":-1}', '{"items":[]}', '{"items":[null,1,"x",[]]}', '{"items":{"length":3}}',
      `${'['.repeat(5000)}${']'.repeat(5000)}`, `{"custom":${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}}`, '{"metadata":{},"messages":[{"role":"user","content":"\\ud800"}],"model":"m"}',
    ];
    const kept = routes.filter(({ path, method }) => !/logout|sessions|password/.test(path) || method === 'GET');
    for (const route of kept.filter(({ method }) => method !== 'GET')) {
      for (const body of bodies) {
        const answer = await send(route, { ...json, authorization: `Bearer ${accessToken}` }, body);
        const text = await answer.text();
        expect([route.operation.operationId, body.slice(0, 60), answer.status < 500]).toEqual([route.operation.operationId, body.slice(0, 60), true]);
        if (answer.status >= 400) expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
        expect(text).not.toMatch(/ at .*\.(?:js|ts):\d+|SELECT |INSERT |SQLITE|ER_[A-Z]|node_modules/);
      }
    }
    const queries = ['limit=0', 'limit=x', 'limit=1e9', 'cursor=%00', 'cursor=eyJ9', 'sort=;DROP', 'from=x', 'to=2026-99-99', 'userId=x', 'userId[]=1', 'include=all', 'x=1', '%', 'a=%E0%A4%A'];
    for (const route of kept.filter(({ method }) => method === 'GET')) {
      for (const query of queries) {
        const answer = await fetch(`${urlOf(route.path)}?${query}`, { headers: { authorization: `Bearer ${accessToken}` } });
        expect([route.operation.operationId, query, answer.status < 500]).toEqual([route.operation.operationId, query, true]);
      }
    }
  }, 240_000);
});
