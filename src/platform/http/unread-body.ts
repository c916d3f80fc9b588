import type { FastifyReply, FastifyRequest } from 'fastify';

const MS_TO_READ_ANSWER = 2000;
/** Less than this of a refused body is thrown away, so that the connection can go on. */
const THROWN_AWAY_BYTES = 256 * 1024;

/**
 * For an answer that is given before the body was read: of what still comes, little is read. A client that goes on sending
 * has time to see the answer, then the connection ends. Ended at once, the answer might be lost with it.
 */
export function leaveUnread({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete || raw.destroyed) return;
  let left = THROWN_AWAY_BYTES;
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) raw.pause();
  });
  raw.on('error', () => undefined);
  raw.resume();
  reply.raw.once('finish', () => {
    const end = setTimeout(() => raw.socket.destroy(), MS_TO_READ_ANSWER).unref();
    raw.once('end', () => clearTimeout(end));
  });
}
