import { DiscoveryService } from '@nestjs/core';
import { Permission, StaffLevel } from '../src/access/permission.js';
import { type Route, routesOf } from '../src/access/route-rules.js';
import { PARTS } from '../src/experiments/experiment-removal.js';
import { newId } from '../src/platform/ids/ids.js';
import { Api, type Caller, PASSWORD, type SignedInCaller } from './support/api.js';
import { designed } from './support/designs.js';

const SETTINGS = { Temperature: 65, Catalyst: 'B' };
const RUN = { settings: SETTINGS };

/** What gets each route past the checks of its body or query: only then does it look whose experiment it is. */
const REQUESTS: Record<string, object | string> = {
  'PUT /experiments/:id': { title: 'Taken' },
  'PATCH /experiments/:id': { title: 'Taken' },
  'POST /experiments/:id/duplicate': {},
  'POST /experiments/:experimentId/parameters': { name: 'pH', kind: 'continuous', low: 1, high: 2 },
  'PUT /experiments/:experimentId/parameters/:id': { unit: 'K' },
  'PATCH /experiments/:experimentId/parameters/:id': { unit: 'K' },
  'POST /experiments/:experimentId/responses': { name: 'Purity' },
  'PUT /experiments/:experimentId/responses/:id': { unit: 'K' },
  'PATCH /experiments/:experimentId/responses/:id': { unit: 'K' },
  'POST /experiments/:experimentId/runs': RUN,
  'POST /experiments/:experimentId/runs/bulk': { items: [RUN] },
  'PUT /experiments/:experimentId/runs/:id': { status: 'ok' },
  'PATCH /experiments/:experimentId/runs/:id': { status: 'ok' },
  'POST /experiments/:experimentId/results': { run: 2, response: 'Yield', value: 1 },
  'POST /experiments/:experimentId/results/bulk': { items: [{ run: 2, response: 'Yield', value: 1 }] },
  'POST /experiments/:experimentId/results/import': 'run,Yield\n2,1\n',
  'POST /experiments/:experimentId/results/:id/correct': { value: 1, reason: 'Misread' },
  'POST /experiments/:experimentId/literature-data': { source: 'A paper', response: 'Yield', settings: SETTINGS, value: 1 },
  'PUT /experiments/:experimentId/literature-data/:id': { value: 1 },
  'PATCH /experiments/:experimentId/literature-data/:id': { value: 1 },
  'POST /experiments/:experimentId/shares': { username: 'somebody', role: 'viewer' },
  'POST /experiments/:experimentId/versions/:number/restore': {},
  'GET /experiments/:experimentId/versions/:number/diff': '?with=1',
  'POST /experiments/:experimentId/computations/:id/cancel': {},
  'POST /experiments/:experimentId/designs': { kind: 'full-factorial' },
  'POST /experiments/:experimentId/designs/separate': { pair: ['Temperature', 'Catalyst'] },
  'POST /experiments/:experimentId/designs/limits': {},
  'POST /experiments/:experimentId/designs/repair': {},
  'POST /experiments/:experimentId/models': { response: 'Yield', preset: 'linear' },
  'POST /experiments/:experimentId/models/:modelId/predictions': { points: [{ settings: SETTINGS }] },
  'POST /experiments/:experimentId/models/:modelId/optimum': {},
  'POST /experiments/:experimentId/predictions/:id/feedback': { value: 1 },
  'POST /experiments/:experimentId/suggestions': { method: 'expected-improvement', responses: ['Yield'] },
};
/** Those of which everybody has their own. */
const OF_NOBODY = ['GET /experiments', 'POST /experiments', 'POST /experiments/import'];

interface Answer {
  status: number;
  code: string;
}

describe('an experiment does not exist for others', () => {
  let api: Api;
  let routes: Route[];
  let owner: SignedInCaller;
  let id: string;
  let rows: ReadonlyMap<string, string>;
  let before: object;
  beforeAll(async () => {
    api = await Api.start();
    routes = routesOf(api.app.get(DiscoveryService, { strict: false })).filter(({ path, method }) => /^\/experiments(?:\/|$)/.test(path) && !OF_NOBODY.includes(`${method} ${path}`));
    owner = await api.signedIn();
    id = await studied(owner);
    rows = await rowsOf(id);
    before = await stateOf(id);
  });
  afterAll(() => api.close());

  async function studied(by: Caller): Promise<string> {
    const { body } = await by.post('/experiments', { title: 'Crust' }).expect(201);
    const experiment = (body as { id: string }).id;
    const add = (path: string, part: object) => by.post(`/experiments/${experiment}/${path}`, part).expect(201);
    await add('parameters', { name: 'Temperature', kind: 'continuous', low: 60, high: 80 });
    await add('parameters', { name: 'Catalyst', kind: 'categorical', levels: ['A', 'B'] });
    await add('responses', { name: 'Yield' });
    await add('runs/bulk', { items: [RUN, RUN] });
    await add('results', { run: 1, response: 'Yield', value: 60 });
    await add('results', { run: 2, response: 'Yield', value: 62 });
    await designed(by, experiment, { kind: 'full-factorial' });
    const { body: model } = await add('models', { response: 'Yield', terms: ['1'] });
    const { body: made } = await add(`models/${(model as { id: string }).id}/predictions`, { points: [{ settings: SETTINGS }] });
    await add(`predictions/${(made as { data: { id: string }[] }).data[0]!.id}/feedback`, { value: 61 });
    await add('literature-data', { source: 'A paper', response: 'Yield', settings: SETTINGS, value: 61 });
    return experiment;
  }

  /** A row of each table, by the word that stands before its id in a path. */
  async function rowsOf(experimentId: string): Promise<Map<string, string>> {
    const found = new Map<string, string>([['versions', '1'], ['shares', owner.user.id]]);
    for (const part of PARTS) {
      const { tableName, primaryColumns } = api.db.dataSource.getMetadata(part);
      const row = await api.db.findOneBy(part, { experimentId });
      const word = tableName.replace('experiment_', '').replace(/^literature$/, 'literature-data');
      if (row && !found.has(word)) found.set(word, String((row as unknown as Record<string, unknown>)[primaryColumns[0]!.propertyName]));
    }
    return found;
  }

  /** The experiment itself, and how many rows there are in it. */
  async function stateOf(experimentId: string): Promise<object> {
    const counts = await Promise.all(PARTS.map(async (part) => [part.name, await api.db.countBy(part, { experimentId })]));
    const { body } = await owner.get(`/experiments/${experimentId}`).expect(200);
    return { counts, body: body as object };
  }

  const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

  async function call(caller: Caller, route: Route, experimentId: string): Promise<Answer> {
    const words = route.path.split('/');
    const url = words.map((word, index) => (!word.startsWith(':') ? word : index === 2 ? experimentId : word.replace(/^:\w+/, rows.get(words[index - 1]!) ?? newId()))).join('/');
    const request = REQUESTS[nameOf(route)];
    const verb = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const isFile = verb !== 'get' && typeof request === 'string';
    const sent = verb === 'get' ? caller.get(typeof request === 'string' ? url + request : url) : isFile ? caller[verb](url).set('content-type', 'text/csv').send(request) : caller[verb](url, request as object | undefined);
    const { status, body } = await sent;
    return { status, code: String((body as { code?: string }).code) };
  }

  it('on any route: each has a request here that gets as far as looking for it', async () => {
    expect(routes.length).toBeGreaterThan(40);
    const isWriting = ({ method }: Route): boolean => ['POST', 'PUT', 'PATCH'].includes(method);
    expect(routes.filter((route) => isWriting(route) && !(nameOf(route) in REQUESTS)).map(nameOf)).toEqual([]);
    expect(Object.keys(REQUESTS).filter((name) => !routes.map(nameOf).includes(name))).toEqual([]);
  });

  it('who are users like its owner: the answer is that for an unknown id, and nothing changes', async () => {
    const stranger = await api.signedIn();
    const wrong: string[] = [];
    for (const route of routes) {
      const [foreign, unknown] = [await call(stranger, route, id), await call(stranger, route, newId())];
      if (foreign.status !== 404 || foreign.code !== 'experiment.not-found' || JSON.stringify(foreign) !== JSON.stringify(unknown)) wrong.push(`${nameOf(route)}: ${JSON.stringify([foreign, unknown])}`);
    }
    expect(wrong).toEqual([]);
    expect((await stranger.get('/experiments').expect(200)).body).toMatchObject({ data: [] });
    expect(await stateOf(id)).toEqual(before);
  }, 120_000);

  it('nor do its rows within an experiment of their own', async () => {
    const stranger = await api.signedIn();
    const own = await studied(stranger);
    const inner = routes.filter(({ path }) => path.split('/').slice(3).some((word) => word.startsWith(':')) && !/\/(?:versions|shares)\//.test(path));
    expect(inner.length).toBeGreaterThan(15);
    const wrong: string[] = [];
    for (const route of inner) {
      const { status, code } = await call(stranger, route, own);
      if (status !== 404) wrong.push(`${nameOf(route)}: ${status} ${code}`);
    }
    expect(wrong).toEqual([]);
    expect(await stateOf(id)).toEqual(before);
  }, 120_000);

  it('who are of another kind, have a key without its scope, or are deleted: they are kept out before anything is looked for', async () => {
    const deleted = await api.signedIn();
    const theirs = await studied(deleted);
    await deleted.delete('/users/me', { password: PASSWORD }).expect(200);
    const key = await api.withKey(owner, { scopes: [Permission.UsageRead] });
    const callers: [string, Caller, string][] = [['nobody', api.anyone, id], ['staff', await api.staff(StaffLevel.Lead), id], ['admin', await api.admin(), id], ['key', key, id], ['deleted', deleted, theirs]];
    const wrong: string[] = [];
    for (const route of routes) {
      for (const [name, caller, experimentId] of callers) {
        const { status } = await call(caller, route, experimentId);
        if (![401, 403].includes(status)) wrong.push(`${name}: ${nameOf(route)}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await stateOf(id)).toEqual(before);
  }, 120_000);
});
