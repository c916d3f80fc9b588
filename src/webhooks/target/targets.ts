import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { NameResolver, type ResolvedAddress } from './name-resolver.js';
import { isPublicAddress } from './public-address.js';

/** Nothing is sent to where this points. The message says why, without what the name resolves to. */
export class TargetRefused extends Error {}

/** Decides where webhooks may be sent: an admin who may name a target must not reach through us what only this machine reaches. */
@Injectable()
export class Targets {
  constructor(
    private readonly settings: Settings,
    private readonly names: NameResolver,
  ) {}

  /** What can be said of an address of the web before it is asked for; throws what is wrong with it. */
  async demandAllowed(text: string): Promise<void> {
    const { protocol, username, password, hash, hostname } = parsed(text);
    const allowed = this.settings.webhookAllowPrivateTargets ? ['https:', 'http:'] : ['https:'];
    if (!allowed.includes(protocol)) throw new TargetRefused('must begin with https://');
    if (username !== '' || password !== '') throw new TargetRefused('must not carry a name or password');
    if (hash !== '') throw new TargetRefused('must not end in a fragment (#…)');
    // A name that nobody knows yet, or whose server is away, is looked at again for each attempt.
    await this.addressesOf(hostname).catch((error: unknown) => {
      if (error instanceof TargetRefused) throw error;
    });
  }

  /** The addresses that a host may be reached at, all of which were looked at. One that is not allowed refuses them all. */
  async addressesOf(hostname: string): Promise<ResolvedAddress[]> {
    const bare = hostname.replace(/^\[|\]$/g, '');
    const family = isIP(bare);
    const addresses = family === 0 ? await this.names.resolve(bare) : [{ address: bare, family }];
    if (!this.settings.webhookAllowPrivateTargets && !addresses.every(({ address }) => isPublicAddress(address))) {
      throw new TargetRefused('must not lead to a private, local or reserved address');
    }
    return addresses;
  }
}

function parsed(text: string): URL {
  if (!URL.canParse(text)) throw new TargetRefused('must be a URL such as https://example.org/hooks');
  return new URL(text);
}
