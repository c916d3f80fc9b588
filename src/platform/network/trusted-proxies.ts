import { plainAddress } from './addresses.js';
import { isWithin } from './networks.js';

/** Names that stand for what a machine or a private network uses. */
const RANGES: Record<string, readonly string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};
const REMEMBERED = 1000;

/** Whether an address is a proxy that TRUST_PROXY names. Proxies are few and ask all day, so answers are kept. */
export function proxyTrust(trusted: readonly string[]): (address: string) => boolean {
  const networks = trusted.flatMap((name) => RANGES[name] ?? [name]);
  const answers = new Map<string, boolean>();
  return (address) => {
    const known = answers.get(address);
    if (known !== undefined) return known;
    const plain = plainAddress(address);
    const isTrusted = plain !== undefined && isWithin(plain, networks);
    if (answers.size >= REMEMBERED) answers.clear();
    answers.set(address, isTrusted);
    return isTrusted;
  };
}

export function isProxyName(text: string): boolean {
  return Object.hasOwn(RANGES, text);
}
