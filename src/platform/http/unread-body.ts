import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';

const MS_TO_READ_ANSWER = 2000;
/** Less than this of a refused body is thrown away, so that the connection can go on. */
const THROWN_AWAY_BYTES = 256 * 1024;

/**
 * For routes that answer before they have read a body to its end: of what still comes, little is read. A client that goes on
 * sending has time to see the answer, then the connection ends. Ended at once, the answer might be lost with it; not ended,
 * the next request on this connection would wait behind the rest of the body.
 */
export function leaveUnread(route: RouteOptions): void {
  route.onSend = [route.onSend ?? [], atAnswer].flat();
  route.onResponse = [route.onResponse ?? [], afterAnswer].flat();
}

/** Not later: a body that nobody has read of is read to its end by Node once its request is answered, however long it is. */
function atAnswer({ raw }: FastifyRequest, _reply: FastifyReply, payload: unknown, done: (error: null, payload: unknown) => void): void {
  // A long answer may tell of a body that is still being read.
  if (isUnread(raw) && raw.listenerCount('readable') === 0) throwAwayLittle(raw);
  done(null, payload);
}

function afterAnswer({ raw }: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  if (isUnread(raw)) {
    if (raw.listenerCount('data') === 0) throwAwayLittle(raw);
    const end = setTimeout(() => raw.socket.destroy(), MS_TO_READ_ANSWER).unref();
    raw.once('end', () => clearTimeout(end));
  }
  done();
}

function isUnread({ complete, destroyed }: IncomingMessage): boolean {
  return !complete && !destroyed;
}

function throwAwayLittle(body: IncomingMessage): void {
  let left = THROWN_AWAY_BYTES;
  body.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) body.pause();
  });
  body.on('error', () => undefined);
  body.resume();
}
