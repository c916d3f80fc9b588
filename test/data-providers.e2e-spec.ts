import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { DiscoveryService } from '@nestjs/core';
import { routesOf } from '../src/access/route-rules.js';
import { newId } from '../src/platform/ids/ids.js';
import { ADMIN_RESOURCES, type AdminResource, NO_LISTS, type Verb } from './support/admin-resources.js';
import { Api, type SignedInCaller, uniqueName } from './support/api.js';

const FOLDER = 'test/data-providers';
const INSTALLED = existsSync(`${FOLDER}/node_modules`);

type Record_ = { id: string; cidr: string; note: string | null; username: string };
interface Outcome {
  data?: Record_ | Record_[] | string[];
  total?: number;
  error?: string;
  status?: number;
}
type Job = [provider: string, method: string, ...parameters: unknown[]];

/** What one panel's method is called by one provider, and how it wants its parameters. */
interface Dialect {
  list(resource: string, wanted: { page: number; perPage: number; field: string; order: 'ASC' | 'DESC'; filter?: object }): Job;
  one(resource: string, id: string): Job;
  many(resource: string, ids: string[]): Job;
  create(resource: string, data: object): Job;
  update(resource: string, id: string, data: object): Job;
  remove(resource: string, id: string): Job;
  updateMany(resource: string, ids: string[], data: object): Job[];
  removeMany(resource: string, ids: string[]): Job[];
}

const VERBS: Readonly<Record<Verb, string>> = { list: 'GET', one: 'GET id', create: 'POST', update: 'PUT id', delete: 'DELETE id' };

const reactAdmin = (name: string): Dialect => ({
  list: (resource, { page, perPage, field, order, filter = {} }) => [name, 'getList', resource, { pagination: { page, perPage }, sort: { field, order }, filter }],
  one: (resource, id) => [name, 'getOne', resource, { id }],
  many: (resource, ids) => [name, 'getMany', resource, { ids }],
  create: (resource, data) => [name, 'create', resource, { data }],
  update: (resource, id, data) => [name, 'update', resource, { id, data, previousData: {} }],
  remove: (resource, id) => [name, 'delete', resource, { id, previousData: { id } }],
  updateMany: (resource, ids, data) => [[name, 'updateMany', resource, { ids, data }]],
  removeMany: (resource, ids) => [[name, 'deleteMany', resource, { ids }]],
});

const refine: Dialect = {
  list: (resource, { page, perPage, field, order, filter = {} }) => {
    const filters = Object.entries(filter).map(([name, value]: [string, unknown]) => ({ field: name.replace(/_(?:gte|lte|ne|like)$/, ''), operator: operatorOf(name), value }));
    return ['@refinedev/simple-rest', 'getList', { resource, pagination: { currentPage: page, pageSize: perPage, mode: 'server' }, sorters: [{ field, order: order.toLowerCase() }], filters }];
  },
  one: (resource, id) => ['@refinedev/simple-rest', 'getOne', { resource, id }],
  many: (resource, ids) => ['@refinedev/simple-rest', 'getMany', { resource, ids }],
  create: (resource, variables) => ['@refinedev/simple-rest', 'create', { resource, variables }],
  update: (resource, id, variables) => ['@refinedev/simple-rest', 'update', { resource, id, variables }],
  remove: (resource, id) => ['@refinedev/simple-rest', 'deleteOne', { resource, id }],
  // This provider leaves both to one call a record.
  updateMany: (resource, ids, data) => ids.map((id) => refine.update(resource, id, data)),
  removeMany: (resource, ids) => ids.map((id) => refine.remove(resource, id)),
};

function operatorOf(name: string): string {
  const operator = /_(gte|lte|ne|like)$/.exec(name)?.[1] ?? 'eq';
  return operator === 'like' ? 'contains' : operator;
}

const DIALECTS: [string, Dialect][] = [
  ['ra-data-simple-rest', reactAdmin('ra-data-simple-rest')],
  ['ra-data-json-server', reactAdmin('ra-data-json-server')],
  ['@refinedev/simple-rest', refine],
];

describe('published data providers of admin panels', () => {
  if (!INSTALLED) {
    it(`are not installed: npm ci --prefix ${FOLDER} puts them there`, () => {
      // On a developer's machine they may be missing; where everything must hold they may not.
      expect(process.env['CI']).toBeUndefined();
    });
    return;
  }

  let api: Api;
  let admin: SignedInCaller;
  let panel: ChildProcessByStdio<Writable, Readable, null>;
  let answers: AsyncIterator<string>;

  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
    panel = spawn(process.execPath, [`${FOLDER}/providers.mjs`, `${api.url}/api/v1/admin`, admin.accessToken], { stdio: ['pipe', 'pipe', 'inherit'] });
    answers = createInterface({ input: panel.stdout })[Symbol.asyncIterator]();
    await play();
  }, 120_000);

  afterAll(async () => {
    panel.kill();
    await api.close();
  });

  async function play(...jobs: Job[]): Promise<Outcome[]> {
    panel.stdin.write(`${JSON.stringify(jobs)}\n`);
    return JSON.parse((await answers.next()).value as string) as Outcome[];
  }

  const records = ({ data }: Outcome): Record_[] => data as Record_[];

  it('are shown below with every list under /admin/ and every verb that it has', () => {
    const methods = new Map<string, Set<string>>();
    for (const { method, path } of routesOf(api.app.get(DiscoveryService, { strict: false }))) {
      const [, name, id] = /^\/admin\/([\w-]+)(\/:\w+)?$/.exec(path) ?? [];
      if (name) methods.set(name, (methods.get(name) ?? new Set()).add(id ? `${method} id` : method));
    }
    const lists = [...methods].filter(([name, has]) => has.has('GET') && !NO_LISTS.includes(name));
    const verbs = (has: Set<string>): Verb[] => (Object.keys(VERBS) as Verb[]).filter((verb) => has.has(VERBS[verb]));
    expect(lists.length).toBeGreaterThan(5);
    expect(ADMIN_RESOURCES.map(({ name, verbs }) => [name, [...verbs]])).toEqual(lists.map(([name, has]) => [name, verbs(has)]).sort());
  });

  describe.each(DIALECTS)('%s', (_name, dialect) => {
    it.each(ADMIN_RESOURCES.map((resource) => [resource.name, resource] as const))('%s: list, one, many, and whatever else this resource has', async (_, resource) => {
      const ids = await recordsOf(resource, dialect);
      const page = { page: 1, perPage: 2, field: resource.sort, order: 'DESC' as const };
      const [list, byId, one, many, none] = await play(
        dialect.list(resource.name, page),
        dialect.list(resource.name, { ...page, field: 'id' }),
        ...(resource.verbs.includes('one') ? [dialect.one(resource.name, ids[0]!), dialect.many(resource.name, ids), dialect.one(resource.name, newId())] : []),
      );
      for (const outcome of [list!, byId!]) {
        expect([outcome.error, records(outcome).length]).toEqual([undefined, 2]);
        expect(outcome.total).toBeGreaterThanOrEqual(2);
      }
      if (one) expect([one, many, none]).toMatchObject([{ data: { id: ids[0] } }, { data: ids.map((id) => ({ id })) }, { status: 404 }]);
      if (resource.verbs.includes('update')) await updates(resource, ids, one!.data as Record_);
      if (resource.verbs.includes('delete') && resource.create) await deletes(resource, ids);
    });

    async function recordsOf({ name: resource, create, make }: AdminResource, { create: creation }: Dialect): Promise<string[]> {
      if (!create) return make ? make(api, admin) : [];
      const outcomes = await play(...[1, 2, 3].map(() => creation(resource, create())));
      expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
      return outcomes.map(({ data }) => (data as Record_).id);
    }

    /** One record sent back whole, then all three together. */
    async function updates({ name: resource, change }: AdminResource, ids: string[], first: Record_): Promise<void> {
      const [whole, ...together] = await play(dialect.update(resource, ids[0]!, { ...first, ...change }), ...dialect.updateMany(resource, ids, change!), dialect.many(resource, ids));
      expect(whole).toMatchObject({ data: { id: ids[0], ...change } });
      expect(together.map(({ error }) => error).filter(Boolean)).toEqual([]);
      expect(records(together.at(-1)!)).toMatchObject(ids.map((id) => ({ id, ...change })));
    }

    /** One, then the others together; then there are none. */
    async function deletes({ name: resource }: AdminResource, [first, ...others]: string[]): Promise<void> {
      const [one, ...together] = await play(dialect.remove(resource, first!), ...dialect.removeMany(resource, others), dialect.many(resource, [first!, ...others]));
      expect(one).toMatchObject({ data: { id: first } });
      expect(together.map(({ error }) => error).filter(Boolean)).toEqual([]);
      expect(records(together.at(-1)!)).toEqual([]);
    }

    const rules = 'ip-rules';
    const created: Record_[] = [];

    it('creates records', async () => {
      const outcomes = await play(...[1, 2, 3, 4, 5].map((n) => dialect.create(rules, { cidr: `198.51.100.${n}`, appliesTo: 'staff', mode: 'report', note: `number ${n}` })));
      expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined, undefined]);
      created.push(...outcomes.map(({ data }) => data as Record_));
    });

    it('lists pages, sorted, filtered and searched, with the total', async () => {
      const [first, last, past, filtered, searched] = await play(
        dialect.list(rules, { page: 1, perPage: 2, field: 'cidr', order: 'DESC' }),
        dialect.list(rules, { page: 3, perPage: 2, field: 'cidr', order: 'DESC' }),
        dialect.list(rules, { page: 9, perPage: 2, field: 'id', order: 'ASC' }),
        dialect.list(rules, { page: 1, perPage: 25, field: 'createdAt', order: 'ASC', filter: { mode: 'report', createdAt_lte: api.clock.now().toISOString() } }),
        dialect.list(rules, { page: 1, perPage: 25, field: 'id', order: 'ASC', filter: { q: 'number 3' } }),
      );
      expect(first).toMatchObject({ total: 5, data: [{ note: 'number 5' }, { note: 'number 4' }] });
      expect(last).toMatchObject({ total: 5, data: [{ note: 'number 1' }] });
      expect(records(past!)).toEqual([]);
      expect(filtered).toMatchObject({ total: 5 });
      expect(searched).toMatchObject({ total: 1, data: [{ note: 'number 3' }] });
    });

    it('reads one and many', async () => {
      const ids = created.slice(1, 4).map(({ id }) => id);
      const [one, many, none] = await play(dialect.one(rules, ids[0]!), dialect.many(rules, ids), dialect.one(rules, newId()));
      expect(one).toMatchObject({ data: { id: ids[0], note: 'number 2' } });
      expect(records(many!).map(({ id }) => id)).toEqual(ids);
      expect(none).toMatchObject({ status: 404 });
    });

    it('updates a record that it sends back whole', async () => {
      const [updated] = await play(dialect.update(rules, created[0]!.id, { ...created[0], note: 'changed' }));
      expect(updated).toMatchObject({ data: { id: created[0]!.id, note: 'changed', cidr: '198.51.100.1/32' } });
    });

    it('deletes all of them', async () => {
      const ids = created.slice(1, 4).map(({ id }) => id);
      const [first, last, ...others] = await play(dialect.remove(rules, created[0]!.id), dialect.remove(rules, created[4]!.id), ...dialect.removeMany(rules, ids), dialect.list(rules, { page: 1, perPage: 5, field: 'id', order: 'ASC' }));
      expect(first).toMatchObject({ data: { id: created[0]!.id } });
      expect(last).toMatchObject({ data: { id: created[4]!.id } });
      expect(records(others.at(-1)!)).toEqual([]);
    });

    it('finds users by what they begin with and, once they are deleted, among the deleted', async () => {
      const prefix = uniqueName('panel');
      const page = { page: 1, perPage: 10, order: 'ASC' as const };
      const created = await play(...[1, 2].map((n) => dialect.create('users', { username: `${prefix}-${n}`, email: `${prefix}-${n}@example.org` })));
      const [first, second] = created.map(({ data }) => (data as Record_).id) as [string, string];
      const [users, , left, deleted] = await play(
        dialect.list('users', { ...page, field: 'username', filter: { q: prefix, status: 'active' } }),
        dialect.remove('users', first),
        dialect.list('users', { ...page, field: 'id', filter: { q: prefix } }),
        dialect.list('deleted-users', { ...page, field: 'deletedAt', filter: { q: prefix } }),
      );
      expect([users, left, deleted]).toMatchObject([{ total: 2, data: [{ id: first }, { id: second }] }, { total: 1, data: [{ id: second }] }, { total: 1, data: [{ id: first }] }]);
    });
  });
});
