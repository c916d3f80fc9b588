import type { FastifyRequest } from 'fastify';
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

/** What to answer with: status, headers, and the bytes to send; undefined means all of them, or none with 304. */
export interface RangeAnswer {
  readonly status: 200 | 206 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly range: ByteRange | undefined;
}

type RequestHeaders = FastifyRequest['headers'];

/** One range at a time is given; whoever asks for several gets the whole file, as RFC 9110 allows. */
export function rangeAnswer(asked: RequestHeaders, { bytes, etag }: Representation): RangeAnswer {
  const headers = { etag, 'accept-ranges': 'bytes' };
  if (asked['if-none-match'] !== undefined && names(asked['if-none-match'], etag)) return { status: 304, headers, range: undefined };
  const range = wantsPart(asked, etag) ? rangeOf(asked.range!, bytes) : undefined;
  if (!range) return { status: 200, headers: { ...headers, 'content-length': String(bytes) }, range };
  const { start, end } = range;
  return { status: 206, headers: { ...headers, 'content-length': String(end - start + 1), 'content-range': `bytes ${start}-${end}/${bytes}` }, range };
}

/** A range is meant of the file that the client knows. Dates are no proof of that and count as another file. */
function wantsPart({ range, 'if-range': ifRange }: RequestHeaders, etag: string): boolean {
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
