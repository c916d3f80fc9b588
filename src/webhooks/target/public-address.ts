import ipaddr from 'ipaddr.js';

/** Where IPv6 addresses lie that anybody may reach: what translates to IPv4, or means this network alone, lies elsewhere. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
const PUBLIC = 'unicast';

/** Whether an address belongs to a host of the public internet: not this machine, not its networks, nothing reserved or translated. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text) || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== PUBLIC) return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6);
}
