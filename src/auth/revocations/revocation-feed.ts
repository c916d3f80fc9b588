import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BEGINNING, ChangeLog, type Entry, type Mark } from '../../platform/changes/change-log.js';
import { Changes } from '../../platform/changes/changes.js';
import type { Topic } from '../../platform/changes/topic.js';
import { Problem } from '../../platform/problems/problem.js';

/** Of this process. */
export const MOST_WAITING = 200;

export interface Revocation {
  readonly kind: 'session' | 'principal' | 'key' | 'all';
  readonly id: string | null;
  readonly at: number;
}

export interface News {
  readonly revocations: Revocation[];
  readonly cursor: string;
}

const KINDS: Partial<Record<Topic, Revocation['kind']>> = {
  'session-ended': 'session',
  'sessions-ended': 'principal',
  'principal-changed': 'principal',
  'key-changed': 'key',
  'signing-keys': 'all',
};

/** Tells applications that remember who they verified what they must forget. Read from the log, so that no cursor misses anything. */
@Injectable()
export class RevocationFeed implements OnModuleDestroy {
  private readonly waiting = new Set<() => void>();
  private advances = 0;
  private places = MOST_WAITING;
  private isStopping = false;

  constructor(
    private readonly log: ChangeLog,
    changes: Changes,
  ) {
    changes.follow(() => this.advance());
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    this.advance();
  }

  get waitingCallers(): number {
    return this.waiting.size;
  }

  async present(): Promise<News> {
    return { revocations: [], cursor: cursorOf(await this.log.newest()) };
  }

  /** What came after the cursor; waits for it until the time is over, the caller has gone or the service stops. */
  async after(cursor: string, waitSeconds: number, gone: AbortSignal): Promise<News> {
    if (this.places === 0) throw new TooManyWaiting();
    this.places -= 1;
    try {
      return await this.watch(markOf(cursor), performance.now() + waitSeconds * 1000, gone);
    } finally {
      this.places += 1;
    }
  }

  private async watch(from: Mark, deadline: number, gone: AbortSignal): Promise<News> {
    for (let mark = from; ; ) {
      const { advances } = this;
      const page = await this.log.since(mark);
      if (!page) throw new CursorTooOld();
      const numbered = page.entries.filter(({ seq }) => seq !== null);
      const last = numbered.at(-1);
      if (last) mark = { seq: last.seq!, id: last.id };
      const revocations = numbered.flatMap(revocationOf);
      const leftMs = deadline - performance.now();
      if (revocations.length > 0 || leftMs <= 0 || gone.aborted || this.isStopping) return { revocations, cursor: cursorOf(mark) };
      // What came between the reading and now must not be waited for.
      if (advances === this.advances) await this.sleep(leftMs, gone);
    }
  }

  private sleep(milliseconds: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', wake);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      gone.addEventListener('abort', wake);
      this.waiting.add(wake);
    });
  }

  private advance(): void {
    this.advances += 1;
    for (const wake of [...this.waiting]) wake();
  }
}

function revocationOf({ topic, subject, at }: Entry): Revocation[] {
  const kind = KINDS[topic];
  return kind ? [{ kind, id: kind === 'all' ? null : subject, at }] : [];
}

function cursorOf({ seq, id }: Mark): string {
  return `${seq}-${id || 'start'}`;
}

function markOf(cursor: string): Mark {
  const [, seq, id] = /^(\d+)-(.+)$/.exec(cursor)!;
  return id === 'start' ? BEGINNING : { seq: Number(seq), id: id! };
}

class CursorTooOld extends Problem {
  constructor() {
    super('gone', 'revocations.cursor-too-old', 'What happened since this cursor is no longer known. Forget everything you remember, then ask without a cursor.');
  }
}

class TooManyWaiting extends Problem {
  constructor() {
    super('unavailable', 'revocations.too-many-waiting', `${MOST_WAITING} callers wait for revocations already.`, { retryAfterSeconds: 5 });
  }
}
