interface Window {
  count: number;
  endsAt: number;
}

export interface Counted {
  readonly count: number;
  readonly endsInMs: number;
}

/**
 * Counts in fixed windows in this process. A list of counts holds only so many networks: whoever comes from ever new ones
 * makes it forget those that came first, never grow.
 */
export class LocalCounts {
  private readonly lists = new Map<string, Map<string, Window>>();

  constructor(private readonly capacity: number) {}

  add(list: string, key: string, times: number, { windowMs, now }: { windowMs: number; now: number }): Counted {
    const windows = this.listOf(list);
    const window = this.living(windows, key, now) ?? this.open(windows, key, { count: 0, endsAt: now + windowMs }, now);
    window.count += times;
    return { count: window.count, endsInMs: window.endsAt - now };
  }

  private listOf(name: string): Map<string, Window> {
    const known = this.lists.get(name);
    if (known) return known;
    const fresh = new Map<string, Window>();
    this.lists.set(name, fresh);
    return fresh;
  }

  private living(windows: Map<string, Window>, key: string, now: number): Window | undefined {
    const window = windows.get(key);
    return window && now < window.endsAt ? window : undefined;
  }

  /** Windows of a list are equally long, so the map holds them in the order in which they end. */
  private open(windows: Map<string, Window>, key: string, window: Window, now: number): Window {
    windows.delete(key);
    for (const [oldest, { endsAt }] of windows) {
      if (endsAt > now && windows.size < this.capacity) break;
      windows.delete(oldest);
    }
    windows.set(key, window);
    return window;
  }
}
