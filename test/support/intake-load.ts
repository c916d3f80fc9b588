import { setTimeout as sleep } from 'node:timers/promises';

/** Long, because a busy machine takes half a minute to stop and start a database. */
const PATIENCE_MS = 90_000;

interface Page {
  data: { id: string; messages: { content: string }[] | null }[];
  nextCursor: string | null;
}

/**
 * Applications that post message logs as fast as they are answered, and repeat what was not answered, whatever happens to
 * the service meanwhile. Each remembers what was acknowledged.
 */
export class IntakeLoad {
  /** Ids of logs that got a 202. */
  readonly acknowledged = new Set<string>();
  /** Requests that got no answer, or a 5xx. */
  failures = 0;
  readonly unexpected: string[] = [];
  private posting = true;
  private writers: Promise<void>[] = [];

  constructor(
    private readonly url: () => string,
    private readonly keys: readonly string[],
  ) {}

  start(): void {
    this.writers = this.keys.map((key, index) => (index % 2 === 0 ? this.repeatWithIds(key, index) : this.repeatWithIdempotencyKey(key, index)));
  }

  /** Lets every writer finish what it has begun. */
  async stop(): Promise<void> {
    this.posting = false;
    await Promise.all(this.writers);
  }

  /** Waits until so many more logs were acknowledged. */
  async until(more: number): Promise<void> {
    const goal = this.acknowledged.size + more;
    await eventually(() => this.acknowledged.size >= goal, `${more} more acknowledgements`);
  }

  /** Every log that the service has, with its text, by the ids its users know it by. */
  async stored(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const key of this.keys) {
      for (let cursor = ''; ; ) {
        const page = (await this.read(key, `/message-logs?limit=100&include=messages&sort=createdAt${cursor}`)) as Page;
        for (const { id, messages } of page.data) counts.set(this.nameOf(id, messages?.[0]?.content), (counts.get(this.nameOf(id, messages?.[0]?.content)) ?? 0) + 1);
        if (!page.nextCursor) break;
        cursor = `&cursor=${page.nextCursor}`;
      }
    }
    return counts;
  }

  /** What was acknowledged and is not there, and what is there more than once. */
  async flaws(): Promise<{ lost: string[]; doubled: string[] }> {
    const stored = await this.stored();
    return {
      lost: [...this.acknowledged].filter((name) => !stored.has(name)),
      doubled: [...stored].filter(([, count]) => count > 1).map(([name]) => name),
    };
  }

  /** The text says which log it is, so that it cannot be another's. */
  private nameOf(id: string, content: string | undefined): string {
    return content?.startsWith('w') ? content.split(' ', 1)[0]! : `${id} without its text`;
  }

  private async repeatWithIds(key: string, writer: number): Promise<void> {
    for (let batch = 0; this.posting; batch += 1) {
      const names = Array.from({ length: 1 + (batch % 7) }, (_, index) => `w${writer}-${batch}-${index}`);
      await this.repeat(key, names, { items: names.map((name) => ({ id: name, ...logOf(name) })) });
    }
  }

  private async repeatWithIdempotencyKey(key: string, writer: number): Promise<void> {
    for (let batch = 0; this.posting; batch += 1) {
      const name = `w${writer}-${batch}`;
      await this.repeat(key, [name], logOf(name), { 'idempotency-key': name });
    }
  }

  /** Until it is acknowledged, as a careful application does. */
  private async repeat(key: string, names: string[], body: object, headers: Record<string, string> = {}): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await this.post(key, names, body, headers))) {
      if (performance.now() > deadline) return void this.unexpected.push(`${names[0]} was not taken in ${PATIENCE_MS} ms`);
      await sleep(20);
    }
  }

  private async post(key: string, names: string[], body: object, headers: Record<string, string>): Promise<boolean> {
    try {
      const answer = await fetch(`${this.url()}/api/v1/message-logs`, {
        method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers }, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000),
      });
      const text = await answer.text();
      if (answer.status === 202) {
        const { accepted, duplicates } = JSON.parse(text) as { accepted: number; duplicates: number };
        if (accepted + duplicates !== names.length) this.unexpected.push(text);
        for (const name of names) this.acknowledged.add(name);
        return true;
      }
      this.failures += 1;
      if (answer.status !== 503) this.unexpected.push(`${answer.status} ${text}`);
      return false;
    } catch {
      this.failures += 1;
      return false;
    }
  }

  private async read(key: string, path: string): Promise<unknown> {
    const answer = await fetch(`${this.url()}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

function logOf(name: string): object {
  return { model: 'test', messages: [{ role: 'user', content: `${name} ${'text '.repeat(200)}` }] };
}

/** Registers users through HTTP and gives each an API key. */
export async function usersWithKeys(url: string, count: number): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const account = { username: `writer-${index}`, email: `writer-${index}@example.org`, password: 'correct horse battery 9' };
      await send(url, '/auth/register', account);
      const { accessToken } = await send(url, '/auth/login', { login: account.username, password: account.password });
      return (await send(url, '/users/me/api-keys', { name: 'intake' }, accessToken)).key!;
    }),
  );
}

async function send(url: string, path: string, body: object, token?: string): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

/** The value of one of the service's metrics. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  if (!line) throw new Error(`There is no metric ${name}.`);
  return Number(line.split(' ')[1]);
}

export async function eventually(happened: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await happened())) {
    if (performance.now() > deadline) throw new Error(`In ${PATIENCE_MS} ms there was no ${what}.`);
    await sleep(10);
  }
}
