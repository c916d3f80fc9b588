import type { Identity } from './identity.js';

export interface Entry {
  readonly identity: Identity;
  /** Steady milliseconds. */
  readonly verifiedAt: number;
}

/** What is to be forgotten, as the feed says it. */
export interface Ended {
  readonly kind: string;
  readonly id: string | null;
}

const MOST = 10_000;

/** Who was verified, by what they presented. The oldest go when there are too many. */
export class Memory {
  /** Grows with everything that is forgotten: what was asked before that must not be remembered after it. */
  generation = 0;
  private readonly entries = new Map<string, Entry>();

  get(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  put(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    if (this.entries.size > MOST) this.entries.delete(this.entries.keys().next().value!);
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  forget(ended: readonly Ended[]): void {
    if (ended.length === 0) return;
    this.generation += 1;
    const ids = new Map<string, Set<string | null>>();
    for (const { kind, id } of ended) ids.set(kind, (ids.get(kind) ?? new Set()).add(id));
    for (const [key, { identity }] of this.entries) if (isEnded(identity, ids)) this.entries.delete(key);
  }

  clear(): void {
    this.generation += 1;
    this.entries.clear();
  }
}

function isEnded({ subject, sessionId, keyId }: Identity, ids: ReadonlyMap<string, ReadonlySet<string | null>>): boolean {
  return Boolean(ids.get('principal')?.has(subject) || (sessionId && ids.get('session')?.has(sessionId)) || (keyId && ids.get('key')?.has(keyId)));
}
