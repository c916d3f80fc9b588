import type { FastifyRequest } from 'fastify';

const MS_TO_READ_ANSWER = 2000;
/** Less than this of a refused body is thrown away, so that the connection can go on. */
const THROWN_AWAY_BYTES = 256 * 1024;

/**
 * For answers that were given before a body was read to its end: of what still comes, little is read. A client that goes on
 * sending has time to see the answer, then the connection ends. Ended at once, the answer might be lost with it; not ended,
 * the next request on this connection would wait behind the rest of the body.
 */
export function leaveUnread({ raw }: FastifyRequest): void {
  if (raw.complete || raw.destroyed) return;
  let left = THROWN_AWAY_BYTES;
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) raw.pause();
  });
  raw.on('error', () => undefined);
  raw.resume();
  const end = setTimeout(() => raw.socket.destroy(), MS_TO_READ_ANSWER).unref();
  raw.once('end', () => clearTimeout(end));
}
