import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';

/** Both ends belong to it, counted from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What of a file a client has, and what it asks for. */
export interface Representation {
  readonly bytes: number;
  /** A strong tag, quotes included. */
  readonly etag: string;
}

/**
 * Which bytes of a file to send: `unchanged` where the client has it, undefined for all of it. Sets status and headers of the
 * answer. One range at a time is given; whoever asks for several gets the whole file, as RFC 9110 allows.
 */
export function negotiateRange({ headers }: FastifyRequest, reply: FastifyReply, { bytes, etag }: Representation): ByteRange | 'unchanged' | undefined {
  void reply.headers({ etag, 'accept-ranges': 'bytes' });
  if (headers['if-none-match'] !== undefined && names(headers['if-none-match'], etag)) {
    void reply.status(304);
    return 'unchanged';
  }
  const range = wantsPart(headers, etag) ? rangeOf(headers.range!, bytes) : undefined;
  if (range) void reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${bytes}`);
  void reply.header('content-length', String(range ? range.end - range.start + 1 : bytes));
  return range;
}

/** A range is meant of the file that the client knows. Dates are no proof of that and count as another file. */
function wantsPart({ range, 'if-range': ifRange }: FastifyRequest['headers'], etag: string): boolean {
  return range !== undefined && (ifRange === undefined || ifRange === etag);
}

function rangeOf(header: string, bytes: number): ByteRange | undefined {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.replaceAll(' ', '')) ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (start >= bytes || (from === '' && Number(to) === 0)) throw new RangeNotSatisfiable(bytes);
  return { start, end };
}

function names(header: string, etag: string): boolean {
  return header === '*' || header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}

class RangeNotSatisfiable extends Problem {
  constructor(bytes: number) {
    super('range-not-satisfiable', 'request.range', `The file has ${bytes} bytes; none of those asked for is among them.`, { headers: { 'content-range': `bytes */${bytes}` } });
  }
}
