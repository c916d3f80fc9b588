import type { FastifyReply } from 'fastify';

export interface RateLimitState {
  /** Which limit: `requests`, `conversations`. */
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetsInSeconds: number;
}

/** `RateLimit` and `RateLimit-Policy` (IETF httpapi draft); a second limit joins the first one's list. */
export function tellRateLimit(reply: FastifyReply, { name, limit, windowSeconds, remaining, resetsInSeconds }: RateLimitState): void {
  append(reply, 'ratelimit-policy', `"${name}";q=${limit};w=${windowSeconds}`);
  append(reply, 'ratelimit', `"${name}";r=${Math.max(0, remaining)};t=${resetsInSeconds}`);
}

function append(reply: FastifyReply, header: string, item: string): void {
  const known = reply.getHeader(header);
  void reply.header(header, typeof known === 'string' ? `${known}, ${item}` : item);
}
