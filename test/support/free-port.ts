import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const RANGE = 3000;
/** Workers do not meet, and the system gives none of these to anybody who asks for just any: those begin at 32768. */
const FIRST = 20_000 + RANGE * (Number(process.env.JEST_WORKER_ID ?? 1) % 4);
let next = randomInt(RANGE);

/** A port that nobody listens at, and that stays so until its server comes, or comes back. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (next++ % RANGE);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
