import { lookup } from 'node:dns/promises';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds the addresses of a name. */
export abstract class NameResolver {
  abstract resolve(name: string): Promise<ResolvedAddress[]>;
}

/** As the machine does it: its hosts file, then its name servers. */
export class SystemNames extends NameResolver {
  override resolve(name: string): Promise<ResolvedAddress[]> {
    return lookup(name, { all: true, verbatim: true });
  }
}
