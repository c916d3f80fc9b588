import { createHmac } from 'node:crypto';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { SYSTEM } from '../src/audit/audit.service.js';
import { Sql } from '../src/platform/database/sql.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { newId } from '../src/platform/ids/ids.js';
import { UserErasure } from '../src/users/erasure/user-erasure.js';
import { Bell } from '../src/webhooks/bell.js';
import { Events } from '../src/webhooks/events.js';
import { Deliverer } from '../src/webhooks/sending/deliverer.js';
import { WAITS_SECONDS } from '../src/webhooks/sending/schedule.js';
import { WebhookSender } from '../src/webhooks/sending/webhook-sender.js';
import { WebhookDelivery } from '../src/webhooks/webhook-delivery.entity.js';
import { WebhookEndpoint } from '../src/webhooks/webhook-endpoint.entity.js';
import { WebhookEvent } from '../src/webhooks/webhook-event.entity.js';
import { Api, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';
import { designed } from './support/designs.js';
import { textPdf } from './support/pdf.js';
import { type Received, Receiver } from './support/receiver.js';
import { upload } from './support/uploads.js';

interface Webhook {
  id: string;
  secret: string;
  version: number;
  enabled: boolean;
}
interface Delivery {
  id: string;
  eventId: string;
  type: string;
  status: string;
  attempts: number;
  nextAttemptAt: string | null;
  history: { status: number | null; error: string | null; response: string | null }[];
}

const DAY = 86_400;
let made = 0;

describe('webhooks', () => {
  let api: Api;
  let root: SignedInCaller;
  let receiver: Receiver;
  beforeAll(async () => {
    api = await Api.start({ webhookAllowPrivateTargets: true });
    root = await api.admin();
    receiver = await Receiver.start();
  });
  afterEach(() => api.db.clear(WebhookEndpoint));
  afterAll(async () => {
    await receiver.stop();
    await api.close();
  });

  const send = (of = api): Promise<void> => of.app.get(WebhookSender).sendDue();
  /** A webhook at a path of its own. */
  const webhook = async (terms: object = {}): Promise<Webhook & { path: string }> => {
    const path = `/hook-${(made += 1)}`;
    const { body } = await root.post('/admin/webhooks', { url: receiver.url(path), ...terms }).expect(201);
    return { ...(body as Webhook), path };
  };
  const deliveries = async (id: string, query = ''): Promise<Delivery[]> => (await root.get(`/admin/webhooks/${id}/deliveries${query}`).expect(200)).body as Delivery[];
  const delivery = async (id: string): Promise<Delivery> => (await deliveries(id))[0]!;
  const told = ({ body }: Received): { type: string; timestamp: string; data: Record<string, unknown> } => JSON.parse(body) as never;
  const types = (path: string): string[] => receiver.at(path).map((each) => told(each).type);
  /** Something that is told: a user's key is made. */
  const something = async (user?: SignedInCaller): Promise<void> => void (await api.withKey(user ?? (await api.signedIn())));
  /** Time passes; who was signed in signs in again. */
  const pass = async (seconds: number): Promise<void> => {
    api.clock.advanceSeconds(seconds);
    root = await api.admin();
  };
  const signed = (secret: string, { headers, body }: Received): boolean => {
    const [id, at, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name]));
    const expected = `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${id}.${at}.${body}`).digest('base64')}`;
    return signatures!.split(' ').includes(expected);
  };

  describe('events', () => {
    it('are told if and only if their change is committed, and nothing is written while nobody subscribed', async () => {
      await something();
      expect(await api.db.count(WebhookEvent)).toBe(0);
      const { path } = await webhook({ eventTypes: ['key.created'] });
      const emitted = api.db.transaction(async (tx) => {
        await api.app.get(Events).emit(tx, { type: 'key.created', userId: null, data: { id: newId(), kind: 'user', ownerId: null, name: '', scopes: [] } });
        throw new Error('rolled back');
      });
      await expect(emitted).rejects.toThrow('rolled back');
      expect(await api.db.count(WebhookEvent)).toBe(0);
      await something();
      await send();
      expect(types(path)).toEqual(['key.created']);
    });

    it('of users, limits, keys, experiments and documents reach whoever wants them, with ids and no secrets', async () => {
      const { path } = await webhook();
      const few = await webhook({ eventTypes: ['user.erased', 'limit.reached'] });
      const ada = await api.signedIn();
      const bob = await api.signedIn();
      const { id } = ada.user;
      await ada.patch('/users/me', { name: 'Ada' }).expect(200);
      await ada.patch('/users/me', { name: 'Ada' }).expect(200);
      const { keyId } = await api.withKey(ada);
      await ada.patch(`/users/me/api-keys/${keyId}`, { name: 'other' }).expect(200);
      await ada.post(`/users/me/api-keys/${keyId}/rotate`, {}).expect(201);
      const plan = uniqueName('plan');
      await root.post('/admin/plans', { name: plan, conversationsPerDay: 1 }).expect(201);
      await root.post(`/admin/users/${id}/plan`, { plan, reason: 'test' }).expect(200);
      await root.post(`/admin/users/${id}/credits`, { amount: 5, reason: 'test' }).expect(201);
      await root.post(`/admin/users/${id}/credits`, { amount: -2, reason: 'test' }).expect(201);
      await root.put(`/admin/users/${id}/limits`, { conversationsPerDay: 2, until: new Date(api.clock.millis() + DAY * 1000).toISOString(), reason: 'test' }).expect(200);
      await root.delete(`/admin/users/${id}/limits`, { reason: 'test' }).expect(200);
      await ada.post('/usage/consume', {}).expect(200);
      for (const _ of [1, 2]) await ada.post('/usage/consume', {}).expect(429);
      await ada.post('/usage/consume', { conversations: 0, credits: 100 }).expect(402);
      const { body: experiment } = await ada.post('/experiments', { title: 'Secret bread' }).expect(201);
      await ada.post(`/experiments/${experiment.id}/parameters`, { name: 'Heat', kind: 'continuous', low: 1, high: 2 }).expect(201);
      await designed(ada, experiment.id, { kind: 'full-factorial', options: {} });
      await ada.post(`/experiments/${experiment.id}/shares`, { username: bob.user.username, role: 'viewer' }).expect(201);
      await ada.delete(`/experiments/${experiment.id}/shares/${bob.user.id}`).expect(200);
      await ada.delete(`/experiments/${experiment.id}`).expect(200);
      const { body: document } = await upload(api, ada, textPdf(['Secret book']));
      await upload(api, ada, textPdf(['Other secret book']), { method: 'PUT', path: `/documents/${document.id}/file` });
      await ada.delete(`/documents/${document.id}`).expect(200);
      await root.post(`/admin/users/${id}/ban`, { reason: 'test', scope: 'messages' }).expect(200);
      await root.post(`/admin/users/${id}/unban`, { reason: 'test' }).expect(200);
      await root.delete(`/admin/users/${id}`, { reason: 'test' }).expect(200);
      await root.post(`/admin/users/${id}/restore`, { reason: 'test' }).expect(200);
      await send();
      expect(types(path).sort()).toEqual([...EVERYTHING].sort());
      const all = receiver.at(path).map(({ body }) => body).join();
      for (const secret of [ada.user.email, 'Secret', 'pv_test', PASSWORD]) expect(all).not.toContain(secret);
      // Deliveries run side by side: they arrive in no promised order.
      const reached = receiver.at(few.path).map((each) => told(each).data);
      expect(reached.map(({ userId, limit }) => [userId, limit]).sort()).toEqual([[id, 'conversations'], [id, 'credits']]);
    });

    it('of a user who is erased go too, all but the one that says so', async () => {
      const { id, path } = await webhook({ eventTypes: ['key.created', 'user.deleted', 'user.erased'] });
      const ada = await api.signedIn();
      await something(ada);
      await root.post(`/admin/users/${ada.user.id}/erase`, { reason: 'test', confirm: ada.user.username }).expect(200);
      await api.app.get(UserErasure).purge();
      expect(await api.db.countBy(WebhookEvent, { userId: ada.user.id })).toBe(0);
      await send();
      expect(types(path)).toEqual(['user.erased']);
      expect((await deliveries(id)).map(({ type }) => type)).toEqual(['user.erased']);
    });

    it('say once a day that a limit was reached, however many refuse at once', async () => {
      const { path } = await webhook({ eventTypes: ['limit.reached'] });
      const ada = await api.signedIn();
      const event = { type: 'limit.reached' as const, userId: ada.user.id, data: { userId: ada.user.id, limit: 'credits' as const, day: '2026-03-02', resetsAt: '' } };
      await Promise.all(Array.from({ length: 10 }, () => api.app.get(Events).emitOnce('one', event)));
      await send();
      expect(types(path)).toEqual(['limit.reached']);
    });

    it('are forgotten with their deliveries after WEBHOOK_DAYS', async () => {
      const { id } = await webhook();
      await something();
      api.clock.advanceSeconds(31 * DAY);
      await api.app.get(Jobs).run('webhooks.purge');
      root = await api.admin();
      expect(await api.db.countBy(WebhookDelivery, { endpointId: id })).toBe(0);
      expect(await api.db.count(WebhookEvent)).toBe(0);
    });
  });

  describe('a delivery', () => {
    it('is signed, carries the event, and is shown with its attempt', async () => {
      const { id, path, secret } = await webhook({ eventTypes: ['key.created'] });
      await something();
      await send();
      const [received] = receiver.at(path);
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(signed(secret, received!)).toBe(true);
      expect(received!.headers['content-type']).toBe('application/json');
      expect(told(received!)).toMatchObject({ type: 'key.created', timestamp: api.clock.now().toISOString(), data: { kind: 'user' } });
      const shown = await delivery(id);
      expect(shown).toMatchObject({ eventId: received!.headers['webhook-id'], status: 'delivered', attempts: 1, nextAttemptAt: null, history: [{ status: 200, error: null, response: 'thanks' }] });
      expect((await root.get(`/admin/webhooks/${id}/deliveries/${shown.id}`).expect(200)).body).toEqual(shown);
      const { text } = await api.anyone.get('/metrics').expect(200);
      expect(text).toMatch(/^provost_webhook_attempts_total\{outcome="delivered"\} [1-9]/m);
      expect(text).toMatch(/^provost_webhook_deliveries_waiting 0$/m);
    });

    it('is tried again on schedule with the same webhook-id, is a dead letter in the end, and is replayed when asked for', async () => {
      const { id, path } = await webhook({ eventTypes: ['key.created'] });
      receiver.answer(path, 500);
      await something();
      for (const [tries, wait] of [...WAITS_SECONDS.entries()]) {
        await send();
        const { status, attempts, nextAttemptAt } = await delivery(id);
        expect([status, attempts]).toEqual(['waiting', tries + 1]);
        const planned = (Date.parse(nextAttemptAt!) - api.clock.millis()) / 1000;
        expect(planned).toBeGreaterThanOrEqual(wait);
        expect(planned).toBeLessThanOrEqual(wait * 1.2);
        await pass(wait * 0.99);
        await send();
        await pass(wait * 0.22);
        expect(receiver.at(path)).toHaveLength(tries + 1);
      }
      await send();
      expect(await delivery(id)).toMatchObject({ status: 'dead', attempts: 8, nextAttemptAt: null, history: Array.from({ length: 8 }, () => ({ status: 500, error: 'Answered 500.' })) });
      expect(new Set(receiver.at(path).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(new Set(receiver.at(path).map(({ headers }) => headers['webhook-timestamp'])).size).toBe(8);

      receiver.answer(path, 204);
      expect((await root.post(`/admin/webhooks/${id}/replay`, {}).expect(200)).body).toEqual({ replayed: 1 });
      await send();
      expect(await delivery(id)).toMatchObject({ status: 'delivered', attempts: 9 });
      expect((await root.post(`/admin/webhooks/${id}/replay`, {}).expect(200)).body).toEqual({ replayed: 0 });
    });

    it('that was delivered is replayed one by one, or all since an instant; one that waits is not', async () => {
      const { id, path } = await webhook({ eventTypes: ['key.created'] });
      await something();
      await send();
      await pass(60);
      const since = api.clock.now().toISOString();
      await something();
      const [late, early] = await deliveries(id) as [Delivery, Delivery];
      expect((await root.post(`/admin/webhooks/${id}/deliveries/${late.id}/replay`, {}).expect(409)).body.code).toBe('webhooks.delivery-waits');
      await send();
      await root.post(`/admin/webhooks/${id}/deliveries/${early.id}/replay`, {}).expect(200);
      await send();
      expect((await root.post(`/admin/webhooks/${id}/replay`, { which: 'all', since }).expect(200)).body).toEqual({ replayed: 1 });
      await send();
      expect(receiver.at(path).map(({ headers }) => headers['webhook-id'])).toEqual([early.eventId, late.eventId, early.eventId, late.eventId]);
      expect((await deliveries(id, '?status=dead'))).toEqual([]);
      expect(await deliveries(id, `?eventId=${late.eventId}`)).toMatchObject([{ id: late.id, attempts: 2 }]);
    });

    it('is made once by two senders that look at the same moment, and again by another when one died with it', async () => {
      const { path, id } = await webhook({ eventTypes: ['key.created'] });
      const { app, db, settings, clock } = api;
      const other = new WebhookSender(db, app.get(Sql), settings, clock, app.get(Deliverer), new Bell());
      const ada = await api.signedIn();
      for (let each = 0; each < 12; each += 1) await something(ada);
      await Promise.all([send(), other.sendDue()]);
      expect(receiver.at(path)).toHaveLength(12);
      expect(new Set(receiver.at(path).map(({ headers }) => headers['webhook-id'])).size).toBe(12);

      await something();
      const died = await delivery(id);
      await db.update(WebhookDelivery, { id: died.id }, { attempts: 1, dueAt: new Date(clock.millis() + 75_000) });
      await other.sendDue();
      expect(receiver.at(path)).toHaveLength(12);
      await pass(76);
      await other.sendDue();
      expect(receiver.at(path).at(-1)!.headers['webhook-id']).toBe(died.eventId);
    });
  });

  describe('a webhook', () => {
    it('that answers 410 is disabled, which is audited and told to the others; enabled, it gets what it missed', async () => {
      const gone = await webhook({ eventTypes: ['key.created'] });
      const watcher = await webhook({ eventTypes: ['webhook.disabled'] });
      receiver.answer(gone.path, 410);
      await something();
      await send();
      await something();
      await send();
      const { body } = await root.get(`/admin/webhooks/${gone.id}`).expect(200);
      expect(body).toMatchObject({ enabled: false, disabledFor: 'gone', disabledAt: api.clock.now().toISOString() });
      expect(receiver.at(gone.path)).toHaveLength(1);
      expect((await deliveries(gone.id)).map(({ status }) => status)).toEqual(['waiting', 'dead']);
      expect(receiver.at(watcher.path).map((each) => told(each).data)).toEqual([{ webhookId: gone.id, reason: 'gone' }]);
      expect(await api.db.findBy(AuditEvent, { targetId: gone.id, action: 'webhooks.disable' })).toMatchObject([{ actorKind: SYSTEM.kind, after: { disabledFor: 'gone' } }]);
      receiver.answer(gone.path, 200);
      await root.patch(`/admin/webhooks/${gone.id}`, { enabled: true }).set('if-match', `"${body.version}"`).expect(200);
      await send();
      expect((await deliveries(gone.id)).map(({ status }) => status)).toEqual(['delivered', 'dead']);
    });

    it('that has taken nothing for days is disabled when the next delivery dies; a success in between begins the days anew', async () => {
      const { id, path } = await webhook({ eventTypes: ['key.created'] });
      const die = async (): Promise<void> => {
        await something();
        await api.db.update(WebhookDelivery, { endpointId: id, status: 'waiting' as never }, { failures: WAITS_SECONDS.length });
        await send();
      };
      const enabled = async (): Promise<boolean> => (await api.db.findOneByOrFail(WebhookEndpoint, { id })).enabled;
      receiver.answer(path, 503);
      await die();
      await pass(4 * DAY);
      await die();
      expect(await enabled()).toBe(true);
      receiver.answer(path, 200);
      await something();
      await send();
      receiver.answer(path, 503);
      await pass(4 * DAY);
      await die();
      expect(await enabled()).toBe(true);
      await pass(5 * DAY);
      await die();
      expect((await root.get(`/admin/webhooks/${id}`).expect(200)).body).toMatchObject({ enabled: false, disabledFor: 'failing' });
    });

    it('signs with both secrets until the overlap after a rotation is over', async () => {
      const { id, path, secret } = await webhook({ eventTypes: ['key.created'] });
      const { body: rotated } = await root.post(`/admin/webhooks/${id}/rotate`, { overlapSeconds: 3600 }).expect(200);
      expect(rotated.secret).not.toBe(secret);
      await something();
      await send();
      expect([secret, rotated.secret].map((each) => signed(each as string, receiver.at(path)[0]!))).toEqual([true, true]);
      await pass(3601);
      await something();
      await send();
      expect([secret, rotated.secret].map((each) => signed(each as string, receiver.at(path)[1]!))).toEqual([false, true]);
    });

    it('tells its secret once and nowhere else, and its address not to the audit', async () => {
      const request = () => root.post('/admin/webhooks', { url: receiver.url('/secret-path') }).set('idempotency-key', 'one-webhook').expect(201);
      const { body: told } = await request();
      expect((await request()).body).toEqual(told);
      const { secret, ...record } = told as Webhook;
      expect((await root.get(`/admin/webhooks/${told.id}`).expect(200).expect('etag', '"1"')).body).toEqual(record);
      await root.patch(`/admin/webhooks/${told.id}`, { description: 'x' }).set('if-match', '"9"').expect(412);
      await root.patch(`/admin/webhooks/${told.id}`, { url: receiver.url('/secret-path-2') }).expect(200);
      await root.delete(`/admin/webhooks/${told.id}`).expect(200);
      const audited = await api.db.find(AuditEvent, { where: { targetId: told.id }, order: { id: 'ASC' } });
      expect(audited.map(({ action }) => action)).toEqual(['webhooks.create', 'webhooks.update', 'webhooks.delete']);
      const everything = JSON.stringify([(await root.get('/admin/webhooks')).body, audited]);
      expect(everything).not.toContain('secret-path');
      expect(everything).not.toContain(secret.slice(6));
    });

    it('that is deleted is sent nothing more; one that is disabled nothing until it is enabled', async () => {
      const [deleted, disabled] = [await webhook({ eventTypes: ['key.created'] }), await webhook({ eventTypes: ['key.created'] })];
      await something();
      await root.delete(`/admin/webhooks/${deleted.id}`).expect(200);
      await root.patch(`/admin/webhooks/${disabled.id}`, { enabled: false }).expect(200);
      await something();
      await send();
      expect([receiver.at(deleted.path), receiver.at(disabled.path)]).toEqual([[], []]);
      expect((await deliveries(disabled.id)).map(({ status, attempts }) => [status, attempts])).toEqual([['waiting', 0], ['waiting', 0]]);
      // One that was found due before it was disabled.
      const [found] = await api.db.find(WebhookDelivery, { where: { endpointId: disabled.id }, take: 1 });
      expect(await api.app.get(Deliverer).attempt(found!)).toBe(false);
      expect(receiver.at(disabled.path)).toEqual([]);
      await root.get(`/admin/webhooks/${deleted.id}/deliveries`).expect(404);
      await root.patch(`/admin/webhooks/${disabled.id}`, { enabled: true }).expect(200);
      await send();
      expect(receiver.at(disabled.path)).toHaveLength(2);
    });

    it('is sent a test event whatever it is subscribed to', async () => {
      const { id, path } = await webhook({ eventTypes: ['user.erased'] });
      const { body } = await root.post(`/admin/webhooks/${id}/test`).expect(201);
      expect(body).toMatchObject({ type: 'webhook.test', status: 'waiting', attempts: 0 });
      await send();
      expect(receiver.at(path).map(told)).toMatchObject([{ type: 'webhook.test', data: { webhookId: id } }]);
    });

    it('is refused with every field that is wrong, and ids of another kind or of another webhook are not found', async () => {
      const wrong = { url: 7, description: '\u0007', eventTypes: ['user.exploded'], enabled: null, colour: 'red' };
      const { body } = await root.post('/admin/webhooks', wrong).expect(400);
      expect(body.violations.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/colour', '/description', '/enabled', '/eventTypes', '/url']);
      for (const url of ['', 'nonsense', 'ftp://example.org/', 'https://me:secret@example.org/', 'https://example.org/#here']) await root.post('/admin/webhooks', { url }).expect(400);
      const [one, other] = [await webhook(), await webhook()];
      await something();
      const { id } = await delivery(one.id);
      for (const path of [`/admin/webhooks/${id}`, `/admin/webhooks/${newId()}`, `/admin/webhooks/${other.id}/deliveries/${id}`, `/admin/webhooks/${one.id}/deliveries/${one.id}`]) await root.get(path).expect(404);
      await root.post(`/admin/webhooks/${other.id}/deliveries/${id}/replay`, {}).expect(404);
      for (const act of ['test', 'replay', 'rotate']) await root.post(`/admin/webhooks/${root.user.id}/${act}`, {}).expect(404);
    });
  });
});

const EVERYTHING = [
  'user.created', 'user.created', 'user.updated', 'key.created', 'key.updated', 'key.rotated', 'user.plan-changed', 'credits.granted', 'credits.adjusted',
  'user.limits-changed', 'user.limits-changed', 'limit.reached', 'limit.reached', 'experiment.created', 'computation.finished', 'experiment.shared', 'experiment.share-ended',
  'experiment.deleted', 'document.created', 'document.replaced', 'document.deleted', 'user.banned', 'user.unbanned', 'key.revoked', 'user.deleted', 'user.restored',
];
