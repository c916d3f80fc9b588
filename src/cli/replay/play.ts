import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../output.js';
import type { Conversation } from './conversations.js';
import type { Answer, ProvostClient } from './provost-client.js';
import type { ReplayUser } from './replay-user.js';
import type { Tally } from './tally.js';

export interface PlayOptions {
  run: string;
  /** Conversations under way at once. */
  concurrency: number;
  /** Conversations begun in a second at most; 0 is as many as go. */
  rate: number;
}

/** What Provost has confirmed of one user: the posted id and what was said. */
export type Acknowledged = Map<string, Conversation>;

/** Plays each conversation for one of the users in turn. Answers, user by user, what was acknowledged. */
export async function play(client: ProvostClient, users: readonly ReplayUser[], conversations: readonly Conversation[], tally: Tally, progress: Progress, options: PlayOptions): Promise<Map<ReplayUser, Acknowledged>> {
  const acknowledged = new Map<ReplayUser, Acknowledged>(users.map((user) => [user, new Map()]));
  const pace = paceOf(options.rate);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < conversations.length; index = next++) {
      await pace();
      const user = users[index % users.length]!;
      const conversation = conversations[index]!;
      const id = `${options.run}-${conversation.id}`;
      if (await playOne(client, user, id, conversation, tally)) acknowledged.get(user)!.set(id, conversation);
      progress.add(1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, conversations.length) }, worker));
  return acknowledged;
}

/** As an application does it: only what the user's plan allows is held, and then handed over. */
async function playOne(client: ProvostClient, user: ReplayUser, id: string, { model, messages }: Conversation, tally: Tally): Promise<boolean> {
  const consumed = await client.send('consume', '/usage/consume', { credential: user.key, body: { conversations: 1 }, headers: { 'idempotency-key': id } });
  if (consumed.status === 429 || consumed.status === 402) tally.refused(codeOf(consumed));
  else if (consumed.status !== 200) tally.failed(codeOf(consumed));
  if (consumed.status !== 200) return false;
  const posted = await client.send('post', '/message-logs', { credential: user.key, body: { id, conversationId: id, model, messages } });
  if (posted.status !== 202) {
    tally.failed(codeOf(posted));
    return false;
  }
  tally.acknowledged += 1;
  // After a lost answer "duplicate" means that the first attempt was carried out.
  if (posted.body.duplicates === 1 && !posted.repeated) tally.duplicates += 1;
  return true;
}

function codeOf({ status, body }: Answer): string {
  return typeof body.code === 'string' ? body.code : `http-${status}`;
}

/** Spreads the beginnings evenly; after a hold-up nobody catches up with a burst. */
function paceOf(rate: number): () => Promise<void> {
  let free = 0;
  return async () => {
    if (rate <= 0) return;
    const now = performance.now();
    const mine = Math.max(now, free);
    free = mine + 1000 / rate;
    if (mine > now) await sleep(mine - now);
  };
}
