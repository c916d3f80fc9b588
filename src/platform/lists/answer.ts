import type { FastifyReply } from 'fastify';
import type { Page } from './keyset.js';
import type { ListPage } from './lists.js';
import type { Wanted } from './wanted.js';

/** A bare array under /admin/ and to admin panels anywhere, a page with its cursors to everybody else. */
export type Answer<T> = T[] | Page<T>;

const PLACES = ['range', '_start', '_end', '_sort', '_order', 'sort', 'cursor', 'limit'];

/**
 * The array is described by headers: `Content-Range: users 0-24/319` and `X-Total-Count` as admin panels read them, and
 * `Link` with the next and previous page by cursor, which cost the same however deep they lie. Where a page lies that was
 * asked for by cursor nobody counts: `users *\/319`.
 */
export function answerList<E, T>(reply: FastifyReply, wanted: Wanted, page: ListPage<E>, of: (record: E) => T): Answer<T> {
  const data = page.data.map(of);
  const { nextCursor, prevCursor, offset, total } = page;
  if (wanted.native && !isAdmin(reply)) return { data, nextCursor, prevCursor };
  const range = data.length === 0 || wanted.cursor !== undefined ? '*' : `${offset}-${offset + data.length - 1}`;
  reply.header('content-range', `${wanted.resource} ${range}/${total ?? '*'}`);
  if (total !== undefined) reply.header('x-total-count', String(total));
  const links = [linkTo(reply, wanted, nextCursor, 'next'), linkTo(reply, wanted, prevCursor, 'prev')].filter((link) => link !== undefined);
  if (links.length > 0) reply.header('link', links.join(', '));
  return data;
}

function isAdmin({ request }: FastifyReply): boolean {
  return request.url.startsWith('/api/v1/admin/');
}

/** Relative to the list's own address, whatever stands before it on the way to the client. */
function linkTo({ request }: FastifyReply, { limit }: Wanted, cursor: string | null, rel: string): string | undefined {
  if (cursor === null) return undefined;
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  for (const place of PLACES) query.delete(place);
  query.set('limit', String(Math.min(limit, 100)));
  query.set('cursor', cursor);
  return `<?${query.toString()}>; rel="${rel}"`;
}
