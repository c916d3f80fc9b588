import { Permission } from '../../src/access/permission.js';
import { AuditEvent } from '../../src/audit/audit-event.entity.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { type Api, type SignedInCaller, uniqueName } from './api.js';

/** What admin panels can do with a resource; updateMany and deleteMany are its updates and deletes. */
export type Verb = 'list' | 'one' | 'create' | 'update' | 'delete';

/** A list under /admin/ as published data providers use it. */
export interface AdminResource {
  readonly name: string;
  readonly verbs: readonly Verb[];
  /** The body of another new record each time; where panels can make some. */
  readonly create?: () => object;
  /** What an update changes, and then reads back. */
  readonly change?: object;
  /** A field to sort by, besides id. */
  readonly sort: string;
  /** Makes records in another way, where panels cannot; answers their ids. */
  readonly make?: (api: Api, admin: SignedInCaller) => Promise<string[]>;
}

const ALL: readonly Verb[] = ['list', 'one', 'create', 'update', 'delete'];

let made = 0;

/** One line for each list under /admin/; the test of data providers fails when one is missing. */
export const ADMIN_RESOURCES: readonly AdminResource[] = [
  { name: 'admins', verbs: ALL, create: () => ({ username: uniqueName('grace'), permissions: ['users:read'] }), change: { status: 'disabled' }, sort: 'username' },
  { name: 'audit-events', verbs: ['list', 'one'], make: someEvents, sort: 'at' },
  { name: 'deleted-users', verbs: ['list', 'one'], make: (api, admin) => Promise.all([deletedUser(api, admin), deletedUser(api, admin)]), sort: 'deletedAt' },
  { name: 'ip-rules', verbs: ALL, create: () => ({ cidr: `203.0.113.${(made += 1)}/32`, appliesTo: 'staff', mode: 'report' }), change: { note: 'changed' }, sort: 'createdAt' },
  { name: 'jobs', verbs: ['list', 'one'], make: async (api) => api.app.get(Jobs).list().slice(0, 2).map(({ name }) => name), sort: 'next' },
  { name: 'message-logs', verbs: ['list', 'one'], make: someMessageLogs, sort: 'id' },
  { name: 'plans', verbs: ALL, create: () => ({ name: uniqueName('plan'), conversationsPerDay: null, features: { export: true } }), change: { creditsPerMonth: 7 }, sort: 'name' },
  { name: 'service-keys', verbs: ALL, create: () => ({ name: uniqueName('chat'), scopes: [Permission.Verify], expiresAt: '2060-01-01T00:00:00.000Z' }), change: { rateLimit: 60 }, sort: 'name' },
  { name: 'sign-ins', verbs: ['list'], make: (api) => Promise.all([api.signedIn(), api.signedIn()]).then((users) => users.map(({ user }) => user.id)), sort: 'at' },
  { name: 'staff', verbs: ALL, create: () => ({ username: uniqueName('hugo'), email: `${uniqueName()}@example.org`, level: 2 }), change: { level: 3 }, sort: 'email' },
  { name: 'users', verbs: ALL, create: () => ({ username: uniqueName(), email: `${uniqueName()}@example.org` }), change: { timeZone: 'Europe/Berlin' }, sort: 'createdAt' },
  { name: 'webhooks', verbs: ALL, create: () => ({ url: `https://hooks.example/${uniqueName()}`, eventTypes: ['webhook.disabled'] }), change: { description: 'changed' }, sort: 'url' },
];

/** What is read whole at /admin/… and is no list of records. */
export const NO_LISTS: readonly string[] = ['settings', 'stats'];

async function someEvents(api: Api): Promise<string[]> {
  return (await api.db.find(AuditEvent, { take: 2 })).map(({ id }) => id);
}

async function someMessageLogs(api: Api, admin: SignedInCaller): Promise<string[]> {
  const user = await api.signedIn();
  const log = { model: 'small', messages: [{ role: 'user', content: 'Why?' }] };
  await user.post('/message-logs', { items: [log, log] }).expect(202);
  const { body } = await admin.get(`/admin/message-logs?userId=${user.user.id}`).expect(200);
  return (body as { id: string }[]).map(({ id }) => id);
}

async function deletedUser(api: Api, admin: SignedInCaller): Promise<string> {
  const { user } = await api.signedIn();
  await admin.delete(`/admin/users/${user.id}`, { reason: 'a test' }).expect(200);
  return user.id;
}
