import { readFileSync } from 'node:fs';
import { DiscoveryService } from '@nestjs/core';
import { ADMIN_PERMISSIONS, Permission, SERVICE_KEY_SCOPES, StaffLevel } from '../src/access/permission.js';
import { admits, CALLERS, permissionDocument } from '../src/access/permission-table.js';
import { type Route, routesOf } from '../src/access/route-rules.js';
import { Admin } from '../src/admin/admin.entity.js';
import { Api, type Caller, type SignedInCaller } from './support/api.js';

const NOBODYS_ID = '0190f3f3-0000-7000-8000-000000000000';
const LONG = 300_000;

describe('who may do what', () => {
  let api: Api;
  let routes: Route[];
  let closed: Route[];
  let admin: SignedInCaller;
  let callers: Map<string, Caller>;
  beforeAll(async () => {
    api = await Api.start();
    routes = routesOf(api.app.get(DiscoveryService, { strict: false }));
    closed = routes.filter(({ path, rule }) => /^\/(?:admin|staff)\//.test(path) && !rule.isPublic);
    admin = await api.admin();
    const user = await api.signedIn();
    callers = new Map<string, Caller>([
      ['nobody', api.anyone], ['user', user], ['API key', await api.withKey(user)], ['service key', await api.serviceKey(...SERVICE_KEY_SCOPES)], ['admin', admin],
      ['staff 1', await api.staff(StaffLevel.Viewer)], ['staff 2', await api.staff(StaffLevel.Agent)], ['staff 3', await api.staff(StaffLevel.Lead)],
    ]);
  });
  afterAll(() => api.close());

  /** Nothing that a route would change is named: whoever is let in meets a 400, a 404 or an empty list. */
  const call = (caller: Caller, { method, path }: Route) => {
    const url = path.replace(/:\w+/g, NOBODYS_ID);
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    return verb === 'get' ? caller.get(url) : caller[verb](url, {});
  };
  const isLetIn = async (caller: Caller, route: Route): Promise<boolean> => ![401, 403].includes((await call(caller, route)).status);

  it('is what docs/permissions.md says', () => {
    expect(readFileSync('docs/permissions.md', 'utf8')).toBe(permissionDocument(routes));
  });

  it('knows every sort of caller and a good number of routes', () => {
    expect([...callers.keys()].sort()).toEqual(CALLERS.map(({ name }) => name).sort());
    expect(closed.length).toBeGreaterThan(40);
  });

  it('lets every sort of caller into the routes of staff and admins that the table gives it, and into no other', async () => {
    const wrong: string[] = [];
    for (const route of closed) {
      for (const sort of CALLERS) {
        const isRight = (await isLetIn(callers.get(sort.name)!, route)) === admits(route.rule, sort);
        if (!isRight) wrong.push(`${sort.name}: ${route.method} ${route.path}`);
      }
    }
    expect(wrong).toEqual([]);
  }, LONG);

  it('lets an admin in with the one permission that a route names, and with all others but that one keeps it out', async () => {
    const wrong: string[] = [];
    const hold = (permissions: Permission[]) => api.db.update(Admin, { id: admin.user.id }, { permissions });
    for (const route of closed.filter(({ path, rule }) => path.startsWith('/admin/') && rule.permission !== Permission.AccountManage)) {
      await hold([route.rule.permission!]);
      const isIn = await isLetIn(admin, route);
      await hold(ADMIN_PERMISSIONS.filter((each) => each !== route.rule.permission));
      if (!isIn || (await isLetIn(admin, route))) wrong.push(`${route.method} ${route.path}`);
    }
    await api.db.update(Admin, { id: admin.user.id }, { permissions: null });
    expect(wrong).toEqual([]);
  }, LONG);
});
