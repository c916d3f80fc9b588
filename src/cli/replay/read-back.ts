import type { Progress } from '../output.js';
import type { Conversation } from './conversations.js';
import type { Acknowledged } from './play.js';
import type { ProvostClient } from './provost-client.js';
import { demand, type ReplayUser } from './replay-user.js';

const PAGE = 50;

export interface ReadBack {
  /** Acknowledged conversations that are there once, word for word. */
  same: number;
  missing: number;
  /** There, but with another text. */
  different: number;
  /** Rows that came more than once. */
  doubled: number;
}

interface Page {
  data: { id: string; model: string; messages?: Conversation['messages'] | null }[];
  nextCursor: string | null;
}

/** Reads all that the users have back through the API, page by page, and compares it with what was acknowledged. */
export async function readBack(client: ProvostClient, acknowledged: ReadonlyMap<ReplayUser, Acknowledged>, progress: Progress): Promise<ReadBack> {
  const found: ReadBack = { same: 0, missing: 0, different: 0, doubled: 0 };
  for (const [user, wanted] of acknowledged) {
    const seen = new Set<string>();
    for await (const { id, model, messages } of logsOf(client, user)) {
      const posted = wanted.get(id);
      if (!posted) continue;
      if (seen.has(id)) found.doubled += 1;
      else if (isSame(posted, model, messages ?? [])) found.same += 1;
      else found.different += 1;
      seen.add(id);
      progress.add(1);
    }
    found.missing += wanted.size - seen.size;
  }
  return found;
}

async function* logsOf(client: ProvostClient, user: ReplayUser): AsyncGenerator<Page['data'][number]> {
  let cursor: string | null = null;
  do {
    const query: string = new URLSearchParams({ limit: String(PAGE), include: 'messages', ...(cursor ? { cursor } : {}) }).toString();
    const answer = await client.send('read page', `/message-logs?${query}`, { method: 'GET', credential: user.key });
    demand(answer, 200, `The logs of ${user.username} could not be read`);
    const page = answer.body as unknown as Page;
    yield* page.data;
    cursor = page.nextCursor;
  } while (cursor);
}

function isSame(posted: Conversation, model: string, messages: Conversation['messages']): boolean {
  return model === posted.model && messages.length === posted.messages.length && messages.every(({ role, content }, index) => role === posted.messages[index]!.role && content === posted.messages[index]!.content);
}
