import { spawn } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { WebhookSender } from '../src/webhooks/sending/webhook-sender.js';
import { WebhookEndpoint } from '../src/webhooks/webhook-endpoint.entity.js';
import { Api, type SignedInCaller, uniqueName } from './support/api.js';
import { BuiltService, environmentOf } from './support/built.js';
import { FixedClock } from './support/fixed-clock.js';
import { freePort } from './support/free-port.js';
import { migratedDatabase } from './support/migrated-database.js';
import { Receiver } from './support/receiver.js';
import { until } from './support/until.js';

interface Verifier {
  verify(body: string, headers: Record<string, string>): unknown;
}
interface Shown {
  status: string;
  history: { status: number | null; error: string | null; response: string | null; durationMs: number }[];
}

let made = 0;

/** What the servers at the other end can do to us, and what we must not be made to do to others. */
describe('the target of a webhook', () => {
  let api: Api;
  let root: SignedInCaller;
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await Receiver.start();
  });
  afterAll(() => receiver.stop());

  const begin = async (overrides: Parameters<typeof Api.start>[0]): Promise<void> => {
    api = await Api.start({ webhookTimeoutSeconds: 30, ...overrides }, new FixedClock(Date.now()));
    root = await api.admin();
  };
  const hooked = async (url: string): Promise<{ id: string; secret: string }> => (await root.post('/admin/webhooks', { url, eventTypes: ['user.erased'] }).expect(201)).body as never;
  const test = (id: string): Promise<unknown> => root.post(`/admin/webhooks/${id}/test`).expect(201);
  const send = (): Promise<void> => api.app.get(WebhookSender).sendDue();
  const shown = async (id: string): Promise<Shown> => (await root.get(`/admin/webhooks/${id}/deliveries`).expect(200)).body[0] as Shown;

  describe('where private targets are allowed', () => {
    beforeAll(() => begin({ webhookAllowPrivateTargets: true }));
    afterAll(() => api.close());

    const answering = async (how: Parameters<Receiver['answer']>[1]): Promise<{ id: string; path: string }> => {
      const path = `/hook-${(made += 1)}`;
      receiver.answer(path, how);
      const { id } = await hooked(receiver.url(path));
      await test(id);
      return { id, path };
    };

    it('verifies our signature with the published package, during a rotation with either secret, and no other', async () => {
      const path = `/hook-${(made += 1)}`;
      const { id, secret } = await hooked(receiver.url(path));
      const { body: rotated } = await root.post(`/admin/webhooks/${id}/rotate`, {}).expect(200);
      await test(id);
      await send();
      const { Webhook } = createRequire(import.meta.url)('./clients/node_modules/standardwebhooks') as { Webhook: new (secret: string) => Verifier };
      const { body, headers } = receiver.at(path)[0] as unknown as { body: string; headers: Record<string, string> };
      for (const each of [secret, rotated.secret as string]) expect(new Webhook(each).verify(body, headers)).toMatchObject({ type: 'webhook.test', data: { webhookId: id } });
      expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
      expect(() => new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(body, headers)).toThrow();
    });

    it.each([
      ['Node', process.execPath, 'test/clients/apps/webhook-receiver.mjs'],
      ['Python', '/usr/bin/python3', 'test/clients/apps/webhook_receiver.py'],
    ])('written in %s as the guide has it takes what is signed with its secret, and nothing else', async (_, program, file) => {
      const port = await freePort();
      const { id, secret } = await hooked(`http://127.0.0.1:${port}/`);
      const { id: forged } = await hooked(`http://127.0.0.1:${port}/`);
      const child = spawn(program, [file], { env: { PROVOST_WEBHOOK_SECRET: secret, PORT: String(port) }, stdio: 'ignore' });
      try {
        await until(() => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { 'webhook-id': 'x', 'webhook-timestamp': '0', 'webhook-signature': 'v1,x' }, body: '' }).then(({ status }) => status === 400, () => false));
        await Promise.all([test(id), test(forged)]);
        await send();
        expect([(await shown(id)).status, (await shown(forged)).history[0]!.error]).toEqual(['delivered', 'Answered 400.']);
      } finally {
        child.kill();
      }
    });

    it('that hangs is given up after the timeout', async () => {
      const { id } = await answering(() => undefined);
      const { webhookTimeoutSeconds } = api.settings;
      api.settings.webhookTimeoutSeconds = 1;
      try {
        await send();
      } finally {
        api.settings.webhookTimeoutSeconds = webhookTimeoutSeconds;
      }
      expect(await shown(id)).toMatchObject({ status: 'waiting', history: [{ status: null, error: 'No answer within 1 seconds.', response: null }] });
    });

    it('that hangs holds up nobody else', async () => {
      let held: ServerResponse | undefined;
      const hanging = await answering((response) => void (held = response));
      const well = await answering(200);
      let isOver = false;
      const sent = send().then(() => (isOver = true));
      await until(() => held !== undefined && receiver.at(well.path).length === 1);
      await test(well.id);
      await send();
      expect([receiver.at(well.path).length, isOver]).toEqual([2, false]);
      held!.end();
      await sent;
      expect(await shown(hanging.id)).toMatchObject({ status: 'delivered' });
    });

    it.each<[string, Parameters<Receiver['answer']>[1], Partial<Shown['history'][0]>]>([
      ['500', 500, { status: 500, error: 'Answered 500.' }],
      ['what is no HTTP', (response) => response.socket!.end('good morning\r\n\r\n'), { status: null, error: expect.stringMatching(/./) as never }],
      ['by hanging up', (response) => response.socket!.destroy(), { status: null, error: expect.stringMatching(/./) as never }],
      ['with headers without end', (response) => response.socket!.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`), { status: null, error: expect.stringMatching(/eader/) as never }],
      ['with control characters', (response) => response.writeHead(400).end('a\u0000b\u001b[31m\nc'), { status: 400, response: 'a b [31m c' }],
    ])('that answers %s counts as a failure that says what came', async (_, how, attempt) => {
      const { id } = await answering(how);
      await send();
      expect(await shown(id)).toMatchObject({ status: 'waiting', history: [attempt] });
    });

    it.each([301, 302, 303, 307, 308])('that answers %i fails, and where it points to is never asked', async (status) => {
      const inside = await Receiver.start();
      const { id } = await answering((response) => response.writeHead(status, { location: inside.url('/else') }).end());
      await send();
      expect((await shown(id)).history).toMatchObject([{ status, error: `Answered ${status} to ${inside.url('/else')}: redirects are not followed; name the final address.` }]);
      expect(inside.connections).toBe(0);
      await inside.stop();
    });

    it('that answers without end is believed by its status; no more than a beginning is read or kept', async () => {
      let sent = (): number => 0;
      const { id } = await answering((response) => {
        const { socket } = response;
        sent = () => socket!.bytesWritten;
        response.writeHead(200);
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      });
      await send();
      const { status, history } = await shown(id);
      expect([status, history[0]!.response]).toEqual(['delivered', 'x'.repeat(500)]);
      // What lies in the buffers of both sides.
      expect(sent()).toBeLessThan(16 * 1024 * 1024);
    });
  });

  describe('where private targets are refused', () => {
    let local: Server;
    let connections = 0;
    beforeAll(async () => {
      await begin({});
      local = createServer((socket: Socket) => {
        connections += 1;
        socket.destroy();
      });
      await new Promise<void>((resolve) => local.listen(0, '127.0.0.1', resolve));
    });
    afterAll(async () => {
      await new Promise((resolve) => local.close(resolve));
      await api.close();
    });

    const port = (): number => (local.address() as AddressInfo).port;

    it('is no address and no name of one, however it is spelled, and no http', async () => {
      api.names.set('inside.example', '10.0.0.7');
      api.names.set('half.example', '93.184.215.14', '127.0.0.1');
      api.names.set('localhost', '::1', '127.0.0.1');
      const hosts = ['127.0.0.1', '127.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1', '0.0.0.0', '10.0.0.1', '169.254.169.254', '100.64.1.1', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[fe80::1]', '[fd00::1]', 'localhost', 'inside.example', 'half.example'];
      for (const host of hosts) {
        const { body } = await root.post('/admin/webhooks', { url: `https://${host}:${port()}/` }).expect(400);
        expect([host, body.violations]).toEqual([host, [{ pointer: '/url', code: 'target', detail: 'url must not lead to a private, local or reserved address.' }]]);
      }
      await root.post('/admin/webhooks', { url: 'http://93.184.215.14/' }).expect(400);
      await root.post('/admin/webhooks', { url: 'https://not-yet.example/' }).expect(201);
      expect(connections).toBe(0);
    });

    it('is looked at again for each attempt: a name that leads inside by then is never connected to', async () => {
      api.names.set('rebound.example', '93.184.215.14');
      const { id } = await hooked(`https://rebound.example:${port()}/`);
      await test(id);
      for (const addresses of [['127.0.0.1'], ['::ffff:127.0.0.1'], ['93.184.215.14', '127.0.0.1']]) {
        api.names.set('rebound.example', ...addresses);
        await send();
        await root.post(`/admin/webhooks/${id}/test`).expect(201);
      }
      const { body } = await root.get(`/admin/webhooks/${id}/deliveries?status=waiting`).expect(200);
      const errors = (body as Shown[]).flatMap(({ history }) => history.map(({ error }) => error));
      expect(errors).toEqual(Array.from({ length: 3 }, () => 'must not lead to a private, local or reserved address'));
      expect(connections).toBe(0);
    });

    it('that was named while private targets were allowed is refused by the attempt', async () => {
      const { id } = await hooked('https://not-yet.example/');
      await api.db.update(WebhookEndpoint, { id }, { url: `https://127.0.0.1:${port()}/` });
      await test(id);
      await send();
      expect((await shown(id)).history).toMatchObject([{ status: null, error: 'must not lead to a private, local or reserved address' }]);
      expect(connections).toBe(0);
    });
  });
});

describe('an event', () => {
  it('is sent at once by a running service, and survives SIGKILL right after the answer', async () => {
    const scratch = await migratedDatabase();
    const receiver = await Receiver.start();
    const environment = { ...environmentOf(scratch), WEBHOOK_ALLOW_PRIVATE_TARGETS: 'true', ADMIN_PASSWORD: 'a first password 1', FIRST_ADMIN: 'true', WEBHOOK_TIMEOUT_SECONDS: '60' };
    let service = await BuiltService.start(environment);
    try {
      const post = async (path: string, body: object, token?: string): Promise<{ id: string; accessToken: string; user: { id: string } }> => {
        const headers = { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
        const response = await fetch(`${service.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        return (await response.json()) as never;
      };
      const register = async (): Promise<string> => {
        const username = uniqueName();
        return (await post('/auth/register', { username, email: `${username}@example.org`, password: 'correct horse battery 9' })).user.id;
      };
      const first = await post('/admin/auth/login', { username: 'admin', password: environment.ADMIN_PASSWORD });
      const { accessToken } = await post('/admin/auth/password/change', { currentPassword: environment.ADMIN_PASSWORD, newPassword: 'correct horse battery 9' }, first.accessToken).catch(() => first);
      const { id } = await post('/admin/webhooks', { url: receiver.url('/hook'), eventTypes: ['user.created'] }, accessToken);
      const started = performance.now();
      await register();
      await until(() => receiver.received.length === 1);
      process.stdout.write(`An event arrived ${Math.round(performance.now() - started)} ms after the request that caused it was begun.\n`);

      // While it hangs, nothing can be delivered before the kill.
      receiver.answer('/hook', () => undefined);
      const ids = await Promise.all(Array.from({ length: 20 }, register));
      await service.stop('SIGKILL');
      receiver.answer('/hook', 200);
      const before = receiver.received.length;
      service = await BuiltService.start(environment);
      const told = (): Set<string> => new Set(receiver.received.slice(before).map(({ body }) => (JSON.parse(body) as { data: { id: string } }).data.id));
      // Those that were being sent come back after their lease; the others at once.
      await until(() => told().size >= ids.length - 4);
      const list = await fetch(`${service.url}/api/v1/admin/webhooks/${id}/deliveries?limit=100`, { headers: { authorization: `Bearer ${accessToken}` } });
      expect((await list.json()) as object[]).toHaveLength(1 + ids.length);
      expect([...told()].filter((each) => !ids.includes(each))).toEqual([]);
    } finally {
      await service.stop();
      await receiver.stop();
      await scratch.drop();
    }
  });
});
