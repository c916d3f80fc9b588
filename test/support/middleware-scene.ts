import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Cost, type ExpressRequest, type GuardOptions, provost, type Provost, type ProvostError, type ProvostOptions } from '../../src/middleware/middleware.js';
import { FakeProvost, type Route } from './fake-provost.js';
import { type AppAnswer, GuardedApp } from './guarded-app.js';
import { ownTime } from './own-time.js';
import { until } from './until.js';
import { liveToken, publicJwk, TOKENS, vectors } from './vectors.js';

/** What the client of a guarded application gets. */
export interface Expected {
  status: number;
  code?: string;
  retryAfter?: true | number;
  wwwAuthenticate?: string;
  withinMs?: number;
  [member: string]: unknown;
}

/** See clients/vectors/README.md. */
export interface Step {
  provost?: 'ok' | 'down';
  routes?: Partial<Record<Route, string | string[]>>;
  request?: string;
  atOnce?: number;
  expect?: Expected;
  eventually?: Step;
  withinMs?: number;
  revoke?: { kind: string; id: string };
  rotate?: string;
  wait?: 'feed';
  pauseMs?: number;
  asked?: 'reset' | Partial<Record<Route, number>>;
  consumed?: number;
  log?: string[];
  logMany?: number;
  logFails?: string;
  bytes?: number;
  arrives?: string[];
  arrivesMany?: number;
  largestBatch?: number;
  rejected?: string[];
  restart?: 'killed' | 'torn';
}

export interface Case {
  name: string;
  options?: { outageSeconds?: number; consume?: Cost; clockAheadSeconds?: number; spoolMaxBytes?: number };
  steps: Step[];
}

export const FAILURES = vectors<{ subject: string; session: string; apiKey: string; otherKey: string; otherKeyId: string; cases: Case[] }>('failures');
export const LOGS = vectors<{ item: { userId: string; model: string; messages: { role: string; content: string }[] }; cases: Case[] }>('message-logs');
export const SERVICE_KEY = 'pv_live_service';
const OTHER_SESSION = '0198a000-0000-7000-8000-0000000000ff';
/** Of the machine's time: the bounds of the cases are of this process's own. */
const LONG_MS = 60_000;
const VERIFIED = { active: true, subject: FAILURES.subject, kind: 'user', scopes: ['usage:read'], plan: 'free', limits: [] };

/** A fake Provost, a middleware and an application; carries out what a case says. */
export class Scene {
  private readonly ended = new Set<string>();
  private token = '';
  private client!: Provost;
  private app!: GuardedApp;

  private constructor(
    readonly fake: FakeProvost,
    private readonly options: NonNullable<Case['options']>,
    private readonly extra: Partial<ProvostOptions>,
    private readonly guard: GuardOptions<ExpressRequest>,
    private readonly folder = mkdtempSync(join(tmpdir(), 'provost-spool-')),
  ) {}

  static async set(options: NonNullable<Case['options']> = {}, extra: Partial<ProvostOptions> = {}, guard: GuardOptions<ExpressRequest> = {}): Promise<Scene> {
    const fake = await FakeProvost.start();
    const scene = new Scene(fake, options, extra, { ...guard, consume: options.consume });
    fake.jwks = { keys: TOKENS.published.map((name) => publicJwk(TOKENS.keys[name]!)) };
    fake.verify = ({ apiKey, token }) => ({ status: 200, body: scene.verdictOn(apiKey, token) });
    scene.token = liveToken(fake.url);
    await scene.begin();
    return scene;
  }

  async clear(): Promise<void> {
    await this.app.stop();
    await this.client.close();
    await this.fake.goAway();
    rmSync(this.folder, { recursive: true });
  }

  ask(headers: Record<string, string>, signal?: AbortSignal): Promise<AppAnswer> {
    return this.app.ask(headers, signal);
  }

  async play(steps: readonly Step[]): Promise<void> {
    let lastAt = ownTime.now();
    for (const step of steps) {
      await this.carryOut(step, lastAt);
      lastAt = ownTime.now();
    }
  }

  private async begin(): Promise<void> {
    const { outageSeconds, clockAheadSeconds = 0, spoolMaxBytes: maxBytes } = this.options;
    const time = { wall: () => Date.now() + clockAheadSeconds * 1000, steady: () => ownTime.now() };
    this.client = provost({ url: this.fake.url, serviceKey: SERVICE_KEY, outageSeconds, time, spool: { folder: this.folder, maxBytes }, onError: () => undefined, ...this.extra });
    this.app = await GuardedApp.start(this.client, this.guard);
  }

  private async carryOut(step: Step, lastAt: number): Promise<void> {
    if (step.provost) await (step.provost === 'ok' ? this.fake.comeBack() : this.fake.goAway());
    for (const [route, modes] of Object.entries(step.routes ?? {})) this.fake.behave(route as Route, modes);
    if (step.request) await Promise.all(Array.from({ length: step.atOnce ?? 1 }, () => this.request(step.request!, step.expect!)));
    if (step.eventually) await this.eventually(step.eventually, lastAt + step.withinMs!);
    if (step.revoke) this.revoke(step.revoke);
    if (step.wait) await this.nextTurn();
    if (step.pauseMs) await ownTime.pause(step.pauseMs);
    if (step.asked) this.count(step.asked);
    if (step.consumed !== undefined) expect(this.fake.consumed).toBe(step.consumed);
    await this.carryOutLogs(step);
  }

  private async carryOutLogs({ log, logMany, logFails, bytes, arrives, arrivesMany, largestBatch, rejected, restart, withinMs = 30_000 }: Step): Promise<void> {
    for (const id of log ?? []) await this.client.log({ ...LOGS.item, id });
    if (logMany) await Promise.all(many(logMany).map((id) => this.client.log({ ...LOGS.item, id })));
    if (logFails) await this.failToLog(logFails, bytes!);
    const wanted = arrives ?? (arrivesMany && many(arrivesMany));
    const end = ownTime.now() + withinMs;
    if (wanted) await until(() => this.fake.logs.length >= wanted.length || ownTime.now() > end, LONG_MS);
    if (wanted) expect(this.fake.logs).toEqual(wanted);
    if (largestBatch) expect(Math.max(...this.fake.batches)).toBeLessThanOrEqual(largestBatch);
    if (rejected) await until(() => this.rejectedIds().join() === rejected.join());
    if (restart) await this.restart(restart);
  }

  private async request(credential: string, { status, code, retryAfter, wwwAuthenticate, withinMs = Infinity, ...members }: Expected): Promise<void> {
    const askedAt = ownTime.now();
    const answer = await this.ask({ authorization: `Bearer ${this.credential(credential)}` });
    expect({ credential, status: answer.status, code: answer.body.code }).toEqual({ credential, status, code });
    expect(answer.body).toMatchObject(members);
    expect(ownTime.now() - askedAt).toBeLessThan(withinMs);
    expectHeaders(answer, { retryAfter, wwwAuthenticate });
  }

  private async eventually(step: Step, deadline: number): Promise<void> {
    for (;;) {
      const isLast = ownTime.now() > deadline;
      try {
        return await this.request(step.request!, step.expect!);
      } catch (error) {
        if (isLast) throw error;
        await pause(50);
      }
    }
  }

  private credential(name: string): string {
    const { url } = this.fake;
    if (name === 'apiKey') return FAILURES.apiKey;
    if (name === 'otherKey') return FAILURES.otherKey;
    if (name === 'token') return this.token;
    if (name === 'freshToken') return liveToken(url);
    if (name === 'nextToken') return liveToken(url, { key: 'next', header: { kid: 'test-next' }, claims: { sid: OTHER_SESSION } });
    if (name === 'forgedToken') return liveToken(url, { key: 'foreign' });
    return liveToken(url, { key: 'foreign', header: { kid: randomUUID() } });
  }

  private verdictOn(apiKey: unknown, token: unknown): object {
    const keyIds: Record<string, string> = { [FAILURES.apiKey]: '0198a000-0000-7000-8000-000000000001', [FAILURES.otherKey]: FAILURES.otherKeyId };
    if (this.ended.has(FAILURES.subject)) return { active: false, reason: apiKey ? 'api-keys.invalid' : 'auth.session-ended' };
    if (typeof apiKey === 'string') return keyIds[apiKey] && !this.ended.has(keyIds[apiKey]) ? VERIFIED : { active: false, reason: 'api-keys.invalid' };
    const { sid } = JSON.parse(Buffer.from(String(token).split('.')[1]!, 'base64url').toString()) as { sid: string };
    return this.ended.has(sid) ? { active: false, reason: 'auth.session-ended' } : VERIFIED;
  }

  private revoke({ kind, id }: { kind: string; id: string }): void {
    this.ended.add(id);
    this.fake.revoke({ kind, id });
  }

  private async nextTurn(): Promise<void> {
    const { heard } = this.fake;
    await until(() => this.fake.heard > heard);
    // It was sent; give it a moment to be read.
    await pause(50);
  }

  private count(asked: 'reset' | Partial<Record<Route, number>>): void {
    if (asked !== 'reset') expect(this.fake.asked).toMatchObject(asked);
    else for (const route of Object.keys(this.fake.asked)) this.fake.asked[route as Route] = 0;
  }

  private async failToLog(code: string, bytes: number): Promise<void> {
    const tooLarge = { ...LOGS.item, messages: [{ role: 'user', content: 'x'.repeat(bytes) }] };
    await expect(this.client.log(tooLarge)).rejects.toMatchObject<Partial<ProvostError>>({ code, status: 503 });
  }

  private rejectedIds(): string[] {
    const files = readdirSync(this.folder).filter((file) => file.endsWith('.rejected')).sort();
    const lines = files.flatMap((file) => readFileSync(join(this.folder, file), 'utf8').split('\n').filter(Boolean));
    return lines.map((line) => (JSON.parse((JSON.parse(line) as { line: string }).line) as { id: string }).id);
  }

  /** As SIGKILL would leave the folder: the file that was written to keeps its name. */
  private async restart(how: 'killed' | 'torn'): Promise<void> {
    await this.app.stop();
    await this.client.close();
    for (const file of readdirSync(this.folder)) renameSync(join(this.folder, file), join(this.folder, file.replace('.sealed', '.open')));
    const last = readdirSync(this.folder).sort().at(-1)!;
    if (how === 'torn') appendFileSync(join(this.folder, last), '{"id":"torn","model":"m","mess');
    await this.begin();
  }
}

export function expectHeaders({ headers }: AppAnswer, { retryAfter, wwwAuthenticate }: Pick<Expected, 'retryAfter' | 'wwwAuthenticate'>): void {
  const told = headers.get('retry-after');
  if (retryAfter === true) expect(Number(told)).toBeGreaterThanOrEqual(1);
  if (typeof retryAfter === 'number') expect(told).toBe(String(retryAfter));
  expect(headers.get('www-authenticate')).toBe(wwwAuthenticate ?? (retryAfter === undefined ? headers.get('www-authenticate') : null));
}

function many(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `many-${index}`);
}

