import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const IPV6_NETWORK_BITS = 64;

/** Whether an address lies in one of the networks (addresses or CIDRs). IPv4 inside IPv6 counts as IPv4. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  return networks.some((network) => {
    const [base, bits] = network.includes('/') ? ipaddr.parseCIDR(network) : whole(ipaddr.process(network));
    return base.kind() === ip.kind() && ip.match(base, bits);
  });
}

/**
 * The network of whoever calls: an IPv4 address by itself, an IPv6 address by the /64 that one customer has to himself.
 * IPv4 inside IPv6 counts as IPv4; what is no address at all is a network of its own.
 */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return 'unknown';
  const ip = ipaddr.process(bare);
  if (ip.kind() === 'ipv4') return ip.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${ip.toString()}/${IPV6_NETWORK_BITS}`).toString()}/${IPV6_NETWORK_BITS}`;
}

/** An address or a CIDR, spelled so that everybody reads the same in it. */
export function isNetwork(text: string): boolean {
  const [address, bits, ...rest] = text.split('/') as [string, string?, ...string[]];
  if (rest.length > 0 || isIP(address) === 0 || address.includes('%')) return false;
  return bits === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128));
}

/** A network as everybody spells it: `192.0.2.7/24` is `192.0.2.0/24`, a single address has all its bits, IPv4 inside IPv6 is IPv4. */
export function canonicalNetwork(text: string): string {
  const [address, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : whole(ipaddr.parse(text));
  if (address instanceof ipaddr.IPv4) return `${ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`;
  if (address.isIPv4MappedAddress() && bits >= MAPPED_BITS) return canonicalNetwork(`${address.toIPv4Address().toString()}/${bits - MAPPED_BITS}`);
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`;
}

/** What stands before an IPv4 address inside of an IPv6 one. */
const MAPPED_BITS = 96;

function whole(address: ipaddr.IPv4 | ipaddr.IPv6): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
