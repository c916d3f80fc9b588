import { insertRow } from '../src/platform/database/insert-row.js';
import { newId } from '../src/platform/ids/ids.js';
import { PrincipalKind } from '../src/access/permission.js';
import { BanScope } from '../src/users/bans.js';
import { Principal } from '../src/users/principal.entity.js';
import { UserStatus } from '../src/users/user-record.js';
import { User } from '../src/users/user.entity.js';
import { Api, type SignedInCaller } from './support/api.js';

const COUNT = 2000;
const DAY_MS = 86_400_000;

describe('lists under /admin/', () => {
  let api: Api;
  let admin: SignedInCaller;
  let ids: string[];

  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
    ids = await population();
  }, 60_000);

  afterAll(() => api.close());

  /** Every four came in the same millisecond, so that only the id tells them apart; every tenth is banned. */
  async function population(): Promise<string[]> {
    const now = api.clock.now().getTime();
    const users = Array.from({ length: COUNT }, (_, n) => {
      const at = new Date(now - Math.floor(n / 4) * 60_000);
      const user = Object.assign(new User(), { id: newId(), createdAt: at, updatedAt: at, version: 1 });
      user.rename(`Member-${String(n).padStart(4, '0')}`);
      user.moveTo(`${n % 2 === 0 ? 'even' : 'odd'}.${n}@example.org`);
      if (n % 10 === 0) user.ban({ scope: BanScope.SignIn, until: n % 20 === 0 ? null : new Date(now - DAY_MS), reason: 'test' }, at);
      return user;
    });
    for (let at = 0; at < COUNT; at += 500) {
      const some = users.slice(at, at + 500);
      await insertRow(api.db, Principal, some.map(({ id, createdAt }) => ({ id, kind: PrincipalKind.User, createdAt })));
      await insertRow(api.db, User, some);
    }
    return users.map(({ id }) => id);
  }

  const list = async (query: string): Promise<{ body: { id: string; username: string; status: string; createdAt: string }[]; range?: string; total?: string; link?: string }> => {
    const { body, headers } = await admin.get(`/admin/users?${query}`).expect(200);
    return { body, range: headers['content-range'], total: headers['x-total-count'], link: headers['link'] };
  };
  const json = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
  const all = async (pages: (offset: number) => string): Promise<string[]> => {
    const seen: string[] = [];
    for (let offset = 0; ; offset += 250) {
      const { body, total } = await list(pages(offset));
      expect(total).toBe(String(COUNT));
      if (body.length === 0) return seen;
      seen.push(...body.map(({ id }) => id));
    }
  };
  const onceEach = (seen: string[]): void => {
    expect(seen).toHaveLength(COUNT);
    expect(new Set(seen)).toEqual(new Set(ids));
  };

  it('pages through 2,000 records by ra-data-simple-rest, each once', async () => {
    onceEach(await all((offset) => `range=${json([offset, offset + 249])}&sort=${json(['createdAt', 'DESC'])}&filter=${json({})}`));
  });

  it('pages through 2,000 records by ra-data-json-server and refine, each once', async () => {
    onceEach(await all((offset) => `_start=${offset}&_end=${offset + 250}&_sort=createdAt&_order=ASC`));
  });

  const walk = async (rel: string, first: string): Promise<string[][]> => {
    const pages: string[][] = [];
    for (let query: string | undefined = first; query !== undefined; ) {
      const { body, link } = await list(query);
      pages.push(body.map(({ id }) => id));
      query = new RegExp(`<\\?([^>]+)>; rel="${rel}"`).exec(link ?? '')?.[1];
    }
    return pages;
  };

  it('pages through 2,000 records by the native cursor of the Link header, each once, and back again', async () => {
    const pages = await walk('next', 'limit=100&sort=-createdAt');
    onceEach(pages.flat());
    const { link } = await list('limit=100&sort=createdAt');
    const last = /<\?([^>]+)>; rel="next"/.exec(link!)![1]!;
    expect((await walk('prev', last)).flat()).toHaveLength(200);
  });

  it('sorts by each sortable field in both directions, by id where they are equal', async () => {
    const { body: oldest } = await list('_sort=createdAt&_order=asc&_start=0&_end=8');
    const { body: newest } = await list('sort=-createdAt&limit=4');
    const byAge = (a: string, b: string): number => (a < b ? -1 : 1);
    expect(oldest.map(({ id }) => id)).toEqual([...ids.slice(-4).sort(byAge), ...ids.slice(-8, -4).sort(byAge)]);
    expect(newest.map(({ id }) => id)).toEqual(ids.slice(0, 4).sort(byAge).reverse());
    const { body: last } = await list(`sort=${json(['username', 'DESC'])}&range=[0,1]`);
    expect(last.map(({ username }) => username)).toEqual(['Member-1999', 'Member-1998']);
    const { body: first } = await list('_sort=email&_order=ASC&_start=0&_end=2');
    expect(first.map(({ username }) => username)).toEqual(['Member-0000', 'Member-1000']);
    const { body: byId } = await list('_sort=id&_order=DESC&_start=0&_end=1');
    expect(byId[0]!.id).toBe(ids.at(-1));
  });

  it('tells where a page lies and how many there are, and answers nothing past the end', async () => {
    expect(await list('_start=10&_end=35')).toMatchObject({ range: `users 10-34/${COUNT}`, total: String(COUNT) });
    expect(await list(`range=${json([1990, 2014])}`)).toMatchObject({ range: `users 1990-1999/${COUNT}` });
    expect(await list('_start=5000&_end=5025')).toMatchObject({ body: [], range: `users */${COUNT}` });
    expect(await list('_start=100000000000000&_end=100000000000025')).toMatchObject({ body: [], range: `users */${COUNT}` });
    expect((await list('')).body).toHaveLength(20);
  });

  it('finds by the beginning of a username or an e-mail address, whatever the case', async () => {
    expect(await list('q=MEMBER-00&_start=0&_end=25')).toMatchObject({ total: '100' });
    expect(await list(`filter=${json({ q: 'odd.19' })}&range=[0,9]&sort=${json(['username', 'ASC'])}`)).toMatchObject({ total: '56' });
    expect((await list('q=member-1999')).body.map(({ id }) => id)).toEqual([ids.at(-1)]);
    expect(await list('q=ember')).toMatchObject({ body: [], total: '0' });
    expect(await list('q=%25')).toMatchObject({ body: [] });
    expect(await list('username_like=member-123')).toMatchObject({ total: '10' });
    expect(await list('username_like=member_')).toMatchObject({ total: '0' });
  });

  it('answers the page at any place, asked for in any order', async () => {
    const sorted = await all((offset) => `_start=${offset}&_end=${offset + 250}&_sort=createdAt&_order=DESC`);
    for (const start of [1990, 1000, 1499, 1001, 1998, 999]) {
      const { body } = await list(`_start=${start}&_end=${start + 5}&_sort=createdAt&_order=DESC`);
      expect(body.map(({ id }) => id)).toEqual(sorted.slice(start, start + 5));
    }
  });

  it('walks through what a search found in the order of its texts, usernames before addresses, each once and back again', async () => {
    await api.db.update(User, { id: ids[1] }, { username: 'Even-one', usernameKey: 'even-one' });
    const found = await walk('next', 'q=even&limit=90');
    const seen = found.flat();
    expect(seen).toHaveLength(COUNT / 2 + 1);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 3)).toEqual([ids[1], ids[0], ids[1000]]);
    const { link } = await list('q=even&limit=90&cursor=' + /cursor=([^&>]+)/.exec((await list('q=even&limit=90')).link!)![1]!);
    const back = await walk('prev', /<\?([^>]+)>; rel="prev"/.exec(link!)![1]!);
    expect(back).toEqual([found[0]]);
    expect(await list('q=even&limit=90')).toMatchObject({ range: 'users 0-89/*', total: undefined });
    await api.db.update(User, { id: ids[1] }, { username: 'Member-0001', usernameKey: 'member-0001' });
  });

  it('filters by status as it counts now, by dates, and by several at once', async () => {
    expect(await list('status=banned')).toMatchObject({ total: '100' });
    expect(await list('status=active&_start=0&_end=1')).toMatchObject({ total: '1900' });
    expect(await list('status=active&status=banned')).toMatchObject({ total: '2000' });
    const since = new Date(api.clock.now().getTime() - 9 * 60_000).toISOString();
    expect(await list(`createdAt_gte=${since}&_start=0&_end=100`)).toMatchObject({ total: '40' });
    expect(await list(`createdAt_gte=${since}&createdAt_lte=${since}`)).toMatchObject({ total: '4' });
    expect(await list(`filter=${json({ createdAt_gte: since, status: 'banned', q: 'even' })}`)).toMatchObject({ total: '2' });
    expect(await list('username=MEMBER-0007')).toMatchObject({ total: '1' });
    expect(await list('username_ne=Member-0007')).toMatchObject({ total: '1999' });
  });

  it('answers many by their ids, up to 500, unpaged and in the order asked for; unknown ones are left out', async () => {
    const some = ids.slice(0, 500).reverse();
    const { body } = await list(`filter=${json({ id: some })}`);
    expect(body.map(({ id }) => id)).toEqual(some);
    const three = [ids[7]!, newId(), ids[3]!];
    expect((await list(three.map((id) => `id=${id}`).join('&'))).body.map(({ id }) => id)).toEqual([ids[7], ids[3]]);
    expect(await list('id=junk')).toMatchObject({ body: [], range: 'users */0' });
    await admin.get(`/admin/users?filter=${json({ id: ids.slice(0, 501) })}`).expect(400);
    expect(await list(`filter=${json({ id: ids.slice(0, 50) })}&range=[0,9]`)).toMatchObject({ range: 'users 0-9/50' });
  });

  it('refuses what it does not know with what it does', async () => {
    const sort = await admin.get('/admin/users?_sort=password&_start=0&_end=1').expect(400);
    expect(sort.body.violations).toEqual([{ pointer: 'sort', code: 'sort', detail: 'sort must be one of id, createdAt, username, email, with or without - before it.' }]);
    const filter = await admin.get('/admin/users?password=x').expect(400);
    expect(filter.body.violations[0]).toMatchObject({ pointer: 'password', code: 'unknown-filter', detail: expect.stringContaining('there are id, q, status, createdAt, createdAt_ne, createdAt_gte') });
    await admin.get('/admin/users?status=asleep').expect(400);
    await admin.get('/admin/users?cursor=junk').expect(400);
  });

  it('lists deleted users alike', async () => {
    const user = await api.signedIn();
    await admin.delete(`/admin/users/${user.user.id}`, { reason: 'a test' }).expect(200);
    const { body, headers } = await admin.get(`/admin/deleted-users?q=${user.user.username}&_sort=deletedAt&_order=DESC&_start=0&_end=10`).expect(200);
    expect(body).toEqual([expect.objectContaining({ id: user.user.id })]);
    expect(headers['content-range']).toBe('deleted-users 0-0/1');
    await admin.get(`/admin/deleted-users/${user.user.id}`).expect(200, body[0]);
  });

  it('exposes what describes a list to pages of other origins', async () => {
    const other = await Api.start({ corsOrigins: ['https://panel.example.org'] });
    const { headers } = await other.anyone.get('/admin/users').set('origin', 'https://panel.example.org');
    expect(headers['access-control-expose-headers']).toMatch(/Content-Range, X-Total-Count, Link/);
    await other.close();
  });

  it('knows what a status means: a ban that has run out is none', async () => {
    const { body } = await list('status=banned&limit=100');
    expect(new Set(body.map(({ status }) => status))).toEqual(new Set([UserStatus.Banned]));
  });
});
