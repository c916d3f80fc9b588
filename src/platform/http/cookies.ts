import type { FastifyReply, FastifyRequest } from 'fastify';

/*
 * The one kind of cookie there is: kept from scripts, from plain HTTP and from other sites. The usual plugin would look at
 * every answer for what three routes set.
 */

const PLAIN_VALUE = /^[\w.~-]*$/;

/** Sets a cookie that only requests below this path carry; 0 seconds removes it. */
export function setCookie(reply: FastifyReply, name: string, value: string, { path, maxAgeSeconds }: { path: string; maxAgeSeconds: number }): void {
  if (!PLAIN_VALUE.test(value)) throw new Error('A cookie may hold letters, digits and _ . ~ - only');
  void reply.header('set-cookie', `${name}=${value}; Path=${path}; Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}; HttpOnly; Secure; SameSite=Strict`);
}

/** A cookie of the request. Of two with one name another site of the domain has planted one; which, nobody can tell. */
export function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  const values = (headers.cookie ?? '').split(';').map((part) => part.trim()).filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}
