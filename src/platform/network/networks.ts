import ipaddr from 'ipaddr.js';

/** Whether an address lies in one of the networks (addresses or CIDRs). IPv4 inside IPv6 counts as IPv4. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  return networks.some((network) => {
    const [base, bits] = network.includes('/') ? ipaddr.parseCIDR(network) : whole(ipaddr.process(network));
    return base.kind() === ip.kind() && ip.match(base, bits);
  });
}

function whole(address: ipaddr.IPv4 | ipaddr.IPv6): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
