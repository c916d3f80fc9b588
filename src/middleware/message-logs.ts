import { setTimeout as sleep } from 'node:timers/promises';
import type { Ids } from './ids.js';
import type { Settings } from './options.js';
import { type Segment, Spool } from './spool.js';
import { isRecord, jitter, Refusal, secondsOf, type Wire } from './wire.js';

/** One conversation between a person and a model. */
export interface MessageLog {
  /** Your own id for it; made here if it is absent. The same id again changes nothing. */
  readonly id?: string;
  /** Whose it is; the caller's if it is absent. */
  readonly userId?: string;
  readonly conversationId?: string;
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly latencyMs?: number;
  readonly metadata?: Record<string, unknown>;
  /** RFC 3339; now if it is absent. */
  readonly createdAt?: string;
}

interface Taken {
  readonly rejected: readonly { readonly index: number; readonly problem: unknown }[];
}

const MOST_ITEMS = 500;
/** Below what Provost takes as a body (BODY_LIMIT_BYTES, 1 MiB). */
const MOST_BYTES = 768 * 1024;
const POST_TIMEOUT_MS = 10_000;
/** What is logged within this time goes in one request. */
const LINGER_MS = 50;
const LONGEST_PAUSE_MS = 2000;
/** Of the items themselves, not of who posts them. */
const BAD_ITEMS = new Set([400, 413, 422]);

/** Logs go to the disk first and from there to Provost, oldest first, until each was taken or refused for good. */
export class MessageLogs {
  private readonly stopping = new AbortController();
  private shipping?: Promise<void>;
  private failures = 0;
  private hasNews = false;
  private wake: () => void = () => undefined;

  private constructor(
    private readonly wire: Wire,
    private readonly settings: Settings,
    private readonly ids: Ids,
    private readonly spool: Spool,
  ) {}

  static async open(wire: Wire, settings: Settings, ids: Ids, folder: NonNullable<Settings['spool']>): Promise<MessageLogs> {
    const logs = new MessageLogs(wire, settings, ids, await Spool.open(folder, ids));
    logs.shipping = logs.ship();
    return logs;
  }

  /** Comes back with its id when the log is on the disk, from where it gets to Provost whatever happens to this process. */
  async log(log: MessageLog): Promise<string> {
    const id = log.id ?? this.ids.next();
    const createdAt = log.createdAt ?? new Date(this.settings.time.wall()).toISOString();
    await this.spool.append(JSON.stringify({ ...log, id, createdAt }));
    this.hasNews = true;
    this.wake();
    return id;
  }

  /** What has not been posted stays on the disk. */
  async close(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.shipping;
    await this.spool.close();
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async ship(): Promise<void> {
    while (!this.isStopping) {
      try {
        this.hasNews = false;
        const segment = await this.spool.oldest();
        if (!segment) await this.news();
        else await this.shipAll(segment);
      } catch (error) {
        if (!this.isStopping) await this.rest(error);
      }
    }
  }

  private async shipAll(segment: Segment): Promise<void> {
    const lines = await this.spool.read(segment);
    for (const batch of batchesOf(lines)) {
      if (this.isStopping) return;
      await this.shipBatch(segment, batch);
    }
    await this.spool.remove(segment);
  }

  /** Tries until the batch is taken, whole or in parts. */
  private async shipBatch(segment: Segment, lines: readonly string[]): Promise<void> {
    while (!this.isStopping) {
      try {
        return await this.post(segment, lines);
      } catch (error) {
        if (error instanceof Refusal && BAD_ITEMS.has(error.status)) return this.takeApart(segment, lines, error);
        await this.rest(error);
      }
    }
  }

  private async post(segment: Segment, lines: readonly string[]): Promise<void> {
    const body = `{"items":[${lines.join(',')}]}`;
    const { value } = await this.wire.attempt({ method: 'POST', path: '/message-logs', body, read: takenOf, timeoutMs: POST_TIMEOUT_MS });
    this.failures = 0;
    for (const { index, problem } of value.rejected) await this.setAside(segment, lines[index]!, problem);
  }

  private async takeApart(segment: Segment, lines: readonly string[], refusal: Refusal): Promise<void> {
    if (lines.length === 1) return this.setAside(segment, lines[0]!, refusal.problem);
    const middle = Math.ceil(lines.length / 2);
    await this.shipBatch(segment, lines.slice(0, middle));
    await this.shipBatch(segment, lines.slice(middle));
  }

  private async setAside(segment: Segment, line: string, problem: unknown): Promise<void> {
    await this.spool.setAside(segment, line, problem);
    this.settings.onError(new Error(`Provost refused a message log, which was set aside: ${JSON.stringify(problem).slice(0, 500)}`));
  }

  /** Told of once in a row: an outage is one piece of news. */
  private async rest(error: unknown): Promise<void> {
    this.failures += 1;
    if (this.failures === 1) this.settings.onError(new Error('Message logs cannot be posted to Provost at the moment; they wait on the disk', { cause: error }));
    const told = error instanceof Refusal ? (secondsOf(error.answerHeaders) ?? 0) * 1000 : 0;
    const pauseMs = told + 50 + jitter(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(this.failures, 10)));
    await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async news(): Promise<void> {
    if (!this.hasNews && !this.isStopping) await new Promise<void>((resolve) => (this.wake = resolve));
    if (!this.isStopping) await sleep(LINGER_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

function* batchesOf(lines: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const more = Buffer.byteLength(line) + 1;
    if (batch.length === MOST_ITEMS || (batch.length > 0 && bytes + more > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(line);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

function takenOf(body: unknown): Taken | undefined {
  if (!isRecord(body) || typeof body.accepted !== 'number' || !Array.isArray(body.rejected)) return undefined;
  const rejected: unknown[] = body.rejected;
  return rejected.every(isRejected) ? { rejected } : undefined;
}

function isRejected(value: unknown): value is Taken['rejected'][number] {
  return isRecord(value) && Number.isInteger(value.index);
}
