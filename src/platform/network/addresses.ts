import { isIPv4, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** Where a request comes from: the address nearest to us, from the right, that no trusted proxy has. */
export function addressOf(request: FastifyRequest): string {
  return plainAddress(request.ip) ?? nearestAddress(request);
}

/**
 * What proxies write for an address, without port, brackets and zone; IPv4 inside IPv6 as IPv4. Undefined where it is
 * none: also `010.1.1.1` and `1`, which some programs read as addresses and others as different ones.
 */
export function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined || isIPv4(text)) return text;
  const bare = (/^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? text).replace(/%.*$/, '');
  if (isIPv6(bare)) return ipaddr.process(bare).toString();
  const [, v4] = /^([\d.]+):\d{1,5}$/.exec(text) ?? [];
  return v4 !== undefined && isIPv4(v4) ? v4 : undefined;
}

export function isLoopback(address: string): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}

/** Whether a proxy that is not trusted, or nobody's, has passed the request on. */
export function isForwarded({ headers, ips }: FastifyRequest): boolean {
  return ips === undefined && headers['x-forwarded-for'] !== undefined;
}

/** A trusted proxy that passed on junk is believed as far as it made sense. */
function nearestAddress({ ips, socket }: FastifyRequest): string {
  const addresses = (ips ?? []).map(plainAddress).filter((address) => address !== undefined);
  return addresses.at(-1) ?? plainAddress(socket.remoteAddress) ?? '';
}
