import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { freePort } from './free-port.js';

type Body = Record<string, unknown>;
interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}
interface Revocation {
  kind: string;
  id: string | null;
}

export type Route = 'verify' | 'jwks' | 'revocations' | 'consume' | 'reservations' | 'logs';

const SLOW_MS = 10_000;
const LIMITS = { limits: [{ name: 'conversations', limit: 1, used: 1, remaining: 0, resetsAt: '2030-01-01T00:00:00.000Z' }], credits: { balance: 0 } };

/** Just enough of Provost to be called by a middleware, and to fail in every way that clients/vectors names. */
export class FakeProvost {
  /** How many requests reached each route. */
  asked: Record<Route, number> = { verify: 0, jwks: 0, revocations: 0, consume: 0, reservations: 0, logs: 0 };
  /** Conversations, repeats counted once. */
  consumed = 0;
  /** Ids of message logs, in order. */
  /** Turns of the feed that were answered well. */
  heard = 0;
  readonly logs: string[] = [];
  readonly batches: number[] = [];
  /** What became of reservations. */
  readonly closed: string[] = [];
  jwks: unknown = { keys: [] };
  /** What POST /auth/verify says of a credential. */
  verify: (body: Body) => Answer | Promise<Answer> = () => ({ status: 200, body: { active: false } });
  private readonly modes: Partial<Record<Route, string[]>> = {};
  private readonly revoked: Revocation[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly countedKeys = new Set<string>();
  private readonly sockets = new Set<Socket>();
  private server?: Server;
  private port = 0;

  static async start(): Promise<FakeProvost> {
    const fake = new FakeProvost();
    fake.port = await freePort();
    await fake.comeBack();
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  behave(route: Route, modes: string | readonly string[]): void {
    this.modes[route] = typeof modes === 'string' ? [modes] : [...modes];
  }

  revoke(revocation: Revocation): void {
    this.revoked.push(revocation);
    for (const wake of [...this.waiting]) wake();
  }

  async comeBack(): Promise<void> {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve));
  }

  async goAway(): Promise<void> {
    const gone = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    for (const wake of [...this.waiting]) wake();
    await gone;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const route = routeOf(request.url!);
    if (!route) return send(response, { status: 404, body: { code: 'route.not-found' } });
    this.asked[route] += 1;
    const mode = this.modeOf(route);
    if (mode === 'reset') return void request.socket.destroy();
    if (mode === 'slow') return void setTimeout(() => send(response, { status: 200, body: {} }), SLOW_MS).unref();
    const failure = FAILURES[mode]?.(route);
    if (failure) return send(response, failure);
    const answer = await this.answer(route, request, body);
    if (mode === 'lost-answer') return void request.socket.destroy();
    if (route === 'revocations') this.heard += 1;
    send(response, answer);
  }

  private modeOf(route: Route): string {
    const modes = this.modes[route] ?? ['ok'];
    return (modes.length > 1 ? modes.shift() : modes[0]) ?? 'ok';
  }

  private async answer(route: Route, request: IncomingMessage, body: Body): Promise<Answer> {
    if (route === 'jwks') return { status: 200, body: this.jwks };
    if (route === 'verify') return this.verify(body);
    if (route === 'consume') return this.consume(String(request.headers['idempotency-key']), Number(body.conversations ?? 1));
    if (route === 'reservations') return this.reserve(request.url!, body);
    if (route === 'logs') return this.take(body.items as { id: string }[]);
    return this.news(new URL(request.url!, this.url).searchParams);
  }

  private consume(key: string, conversations: number): Answer {
    if (!this.countedKeys.has(key)) this.consumed += conversations;
    this.countedKeys.add(key);
    return { status: 200, body: LIMITS };
  }

  private reserve(url: string, { credits }: Body): Answer {
    const [, id, how] = /reservations\/(\w+)\/(\w+)$/.exec(url) ?? [];
    if (!how) return { status: 201, body: { id: `held${this.asked.reservations}`, ...LIMITS } };
    this.closed.push(how === 'settle' ? `${id} ${String(credits)}` : `${id} released`);
    return how === 'settle' ? { status: 200, body: LIMITS } : { status: 204, body: '' };
  }

  private take(items: { id: string }[]): Answer {
    if (items.some(({ id }) => id.startsWith('poison-'))) return { status: 400, body: { code: 'validation.failed' } };
    this.batches.push(items.length);
    const rejected = items.flatMap(({ id }, index) => (id.startsWith('bad-') ? [{ index, problem: { status: 400, code: 'validation.failed', detail: 'bad' } }] : []));
    const good = items.filter(({ id }) => !id.startsWith('bad-') && !this.logs.includes(id));
    this.logs.push(...good.map(({ id }) => id));
    return { status: 202, body: { accepted: good.length, duplicates: items.length - good.length - rejected.length, rejected, ids: [] } };
  }

  private async news(query: URLSearchParams): Promise<Answer> {
    const cursor = query.get('cursor');
    const from = cursor === null ? this.revoked.length : Number(cursor);
    if (from === this.revoked.length && cursor !== null) await this.somethingOr(Number(query.get('waitSeconds')) * 1000);
    return { status: 200, body: { data: this.revoked.slice(from).map((each) => ({ ...each, at: '2026-01-01T00:00:00.000Z' })), cursor: String(this.revoked.length) } };
  }

  private somethingOr(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.waiting.add(wake);
    });
  }
}

const FAILURES: Record<string, (route: Route) => Answer> = {
  '500': () => ({ status: 500, body: { status: 500, code: 'server.error' } }),
  '401': () => ({ status: 401, body: { status: 401, code: 'api-keys.invalid' } }),
  '403': () => ({ status: 403, body: { status: 403, code: 'access.missing-permission' } }),
  '410': () => ({ status: 410, body: { status: 410, code: 'revocations.cursor-too-old' } }),
  '429': (route) => ({ status: 429, body: { status: 429, code: 'access.too-many-requests' }, headers: { 'retry-after': route === 'logs' ? '1' : '7' } }),
  garbage: () => ({ status: 200, body: '<html>Welcome</html>' }),
  'limit-reached': () => ({ status: 429, body: { status: 429, code: 'usage.limit-reached', detail: 'No more today.', ...LIMITS }, headers: { 'retry-after': '3600' } }),
  'insufficient-credits': () => ({ status: 402, body: { status: 402, code: 'usage.insufficient-credits', detail: 'No more credits.', ...LIMITS } }),
};

function routeOf(url: string): Route | undefined {
  const path = url.split('?', 1)[0]!;
  const routes: Record<string, Route> = {
    '/.well-known/jwks.json': 'jwks',
    '/api/v1/auth/verify': 'verify',
    '/api/v1/auth/revocations': 'revocations',
    '/api/v1/usage/consume': 'consume',
    '/api/v1/message-logs': 'logs',
  };
  return path.startsWith('/api/v1/usage/reservations') ? 'reservations' : routes[path];
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Body) : {};
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
