import { NameResolver, type ResolvedAddress } from '../../src/webhooks/target/name-resolver.js';

/** Names resolve to what a test says, and otherwise to nothing: no test asks a name server. */
export class FixedNames extends NameResolver {
  private readonly addresses = new Map<string, string[]>();

  set(name: string, ...addresses: string[]): void {
    this.addresses.set(name, addresses);
  }

  override async resolve(name: string): Promise<ResolvedAddress[]> {
    const known = this.addresses.get(name);
    if (!known) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    return known.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  }
}
