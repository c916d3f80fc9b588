import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { newId } from '../src/platform/ids/ids.js';
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
}

const reactAdmin = (name: string): Dialect => ({
  list: (resource, { page, perPage, field, order, filter = {} }) => [name, 'getList', resource, { pagination: { page, perPage }, sort: { field, order }, filter }],
  one: (resource, id) => [name, 'getOne', resource, { id }],
  many: (resource, ids) => [name, 'getMany', resource, { ids }],
  create: (resource, data) => [name, 'create', resource, { data }],
  update: (resource, id, data) => [name, 'update', resource, { id, data, previousData: {} }],
  remove: (resource, id) => [name, 'delete', resource, { id, previousData: { id } }],
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

  describe.each(DIALECTS)('%s', (name, dialect) => {
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

    it('updates many and deletes many', async () => {
      const ids = created.slice(1, 4).map(({ id }) => id);
      const isReactAdmin = name.startsWith('ra-');
      // Refine's provider leaves both to one call a record.
      const updateMany: Job[] = isReactAdmin ? [[name, 'updateMany', rules, { ids, data: { note: 'together' } }]] : ids.map((id) => dialect.update(rules, id, { note: 'together' }));
      const deleteMany: Job[] = isReactAdmin ? [[name, 'deleteMany', rules, { ids }]] : ids.map((id) => dialect.remove(rules, id));
      const outcomes = await play(...updateMany, dialect.many(rules, ids), ...deleteMany, dialect.many(rules, ids));
      expect(outcomes.map(({ error }) => error).filter(Boolean)).toEqual([]);
      expect(records(outcomes[updateMany.length]!)).toEqual(ids.map((id) => expect.objectContaining({ id, note: 'together' })));
      expect(records(outcomes.at(-1)!)).toEqual([]);
    });

    it('deletes', async () => {
      const [first, last, left] = await play(dialect.remove(rules, created[0]!.id), dialect.remove(rules, created[4]!.id), dialect.list(rules, { page: 1, perPage: 5, field: 'id', order: 'ASC' }));
      expect(first).toMatchObject({ data: { id: created[0]!.id } });
      expect(last).toMatchObject({ data: { id: created[4]!.id } });
      expect(records(left!)).toEqual([]);
    });

    describe('users', () => {
      const prefix = uniqueName('panel');
      const made: Record_[] = [];
      const newUser = (n: number) => ({ username: `${prefix}-${n}`, email: `${prefix}-${n}@example.org`, name: `number ${n}` });

      it('are created, listed by what they begin with, read alone and together', async () => {
        const created = await play(...[1, 2, 3, 4, 5].map((n) => dialect.create('users', newUser(n))));
        made.push(...created.map(({ data }) => data as Record_));
        const ids = made.slice(1, 4).map(({ id }) => id);
        const [listed, one, many] = await play(
          dialect.list('users', { page: 2, perPage: 2, field: 'username', order: 'ASC', filter: { q: prefix, status: 'active' } }),
          dialect.one('users', ids[0]!),
          dialect.many('users', ids),
        );
        expect(listed).toMatchObject({ total: 5, data: [{ username: `${prefix}-3` }, { username: `${prefix}-4` }] });
        expect(one).toMatchObject({ data: made[1] });
        expect(records(many!).map(({ id }) => id)).toEqual(ids);
      });

      it('are changed one at a time by a record sent back whole, and many together', async () => {
        const ids = made.slice(1, 4).map(({ id }) => id);
        const data = { timeZone: 'Europe/Berlin' };
        const together: Job[] = name.startsWith('ra-') ? [[name, 'updateMany', 'users', { ids, data }]] : ids.map((id) => dialect.update('users', id, data));
        const [updated, ...rest] = await play(dialect.update('users', made[0]!.id, { ...made[0], name: 'changed' }), ...together, dialect.many('users', ids));
        expect(updated).toMatchObject({ data: { id: made[0]!.id, name: 'changed', email: `${prefix}-1@example.org` } });
        expect(rest.at(-1)!.data).toEqual(made.slice(1, 4).map(({ id, username }) => expect.objectContaining({ id, username, ...data })));
      });

      it('are deleted one at a time and many together, without a reason, and can be found among the deleted', async () => {
        const ids = made.slice(1, 5).map(({ id }) => id);
        const together: Job[] = name.startsWith('ra-') ? [[name, 'deleteMany', 'users', { ids }]] : ids.map((id) => dialect.remove('users', id));
        const outcomes = await play(
          dialect.remove('users', made[0]!.id), ...together,
          dialect.list('users', { page: 1, perPage: 10, field: 'id', order: 'ASC', filter: { q: prefix } }),
          dialect.list('deleted-users', { page: 1, perPage: 10, field: 'deletedAt', order: 'ASC', filter: { q: prefix } }),
        );
        expect(outcomes.map(({ error }) => error).filter(Boolean)).toEqual([]);
        expect(outcomes[0]).toMatchObject({ data: { id: made[0]!.id } });
        expect(outcomes.at(-2)).toMatchObject({ total: 0, data: [] });
        expect(outcomes.at(-1)).toMatchObject({ total: 5 });
      });
    });
  });
});
