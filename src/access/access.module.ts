import { Global, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Authenticators } from './authenticators.js';
import { Impersonation } from './impersonation.js';
import { NetworkRules } from './network-rules.js';
import { RequestRates } from './request-rates.js';
import { undecidedRoutes } from './route-rules.js';
import { ForgottenProxy } from './throttling/forgotten-proxy.js';
import { NetworkCounts } from './throttling/network-counts.js';
import { NetworkLimits } from './throttling/network-limits.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Authenticators, Impersonation, RequestRates, NetworkRules, NetworkCounts, ForgottenProxy, NetworkLimits, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [Authenticators, Impersonation, NetworkRules, RequestRates],
})
export class AccessModule implements OnApplicationBootstrap {
  constructor(private readonly discovery: DiscoveryService) {}

  onApplicationBootstrap(): void {
    const undecided = undecidedRoutes(this.discovery);
    if (undecided.length > 0) throw new Error(`Routes without @Requires or @Public: ${undecided.join(', ')}`);
  }
}
