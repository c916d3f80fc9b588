import { Injectable, Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Metrics } from '../platform/health/metrics.js';
import { isWithin } from '../platform/network/networks.js';
import { Forbidden } from '../platform/problems/problems.js';
import type { PrincipalKind } from './permission.js';

/** From where a kind of caller may come. */
export interface NetworkRule {
  readonly cidr: string;
  /** A kind that has rules of its own follows those alone, every other follows the rules for `all`. */
  readonly appliesTo: 'admin' | 'staff' | 'all';
  /** `report` refuses nobody, and tells whom it would. */
  readonly mode: 'enforce' | 'report';
}

interface Verdict {
  readonly isRefused: boolean;
  readonly isReported: boolean;
}

const VERDICTS_REMEMBERED = 10_000;
const FREE: Verdict = { isRefused: false, isReported: false };

/** From which networks callers are let in. A higher module keeps the rules and brings them here; requests ask memory alone. */
@Injectable()
export class NetworkRules {
  private readonly logger = new Logger('Network');
  private readonly verdicts = new Map<string, Verdict>();
  private readonly refusals: Counter<'kind' | 'mode'>;
  private rules: readonly NetworkRule[] = [];

  constructor({ registry }: Metrics) {
    this.refusals = new Counter({ name: 'provost_network_refusals_total', help: 'Callers outside of the networks of the IP rules: refused, or only reported.', labelNames: ['kind', 'mode'], registers: [registry] });
  }

  use(rules: readonly NetworkRule[]): void {
    this.rules = rules;
    this.verdicts.clear();
  }

  /** Throws when callers of this kind are not let in from this address. */
  admit(kind: PrincipalKind, address: string): void {
    if (this.rules.length === 0) return;
    const { isRefused, isReported } = this.verdictOn(kind, address);
    if (isReported) this.refusals.inc({ kind, mode: 'report' });
    if (!isRefused) return;
    this.refusals.inc({ kind, mode: 'enforce' });
    throw new WrongNetwork();
  }

  private verdictOn(kind: PrincipalKind, address: string): Verdict {
    const caller = `${kind} ${address}`;
    const known = this.verdicts.get(caller);
    if (known) return known;
    const isRefused = refuses(enforced(this.rules), kind, address);
    const isReported = !isRefused && refuses(this.rules, kind, address);
    const verdict = isRefused || isReported ? { isRefused, isReported } : FREE;
    // Once a caller and change of rules: whoever knocks a thousand times does not fill the log.
    if (isReported) this.logger.warn({ kind, address }, 'The IP rules that only report would refuse this caller.');
    if (this.verdicts.size >= VERDICTS_REMEMBERED) this.verdicts.clear();
    this.verdicts.set(caller, verdict);
    return verdict;
  }
}

export function enforced(rules: readonly NetworkRule[]): NetworkRule[] {
  return rules.filter(({ mode }) => mode === 'enforce');
}

/** Whether these rules, all of them enforced, keep out callers of a kind from an address. No rule for a kind lets everybody in. */
export function refuses(rules: readonly NetworkRule[], kind: PrincipalKind, address: string): boolean {
  const own = rules.filter(({ appliesTo }) => appliesTo === (kind as string));
  const list = own.length > 0 ? own : rules.filter(({ appliesTo }) => appliesTo === 'all');
  return list.length > 0 && !isWithin(address, list.map(({ cidr }) => cidr));
}

export class WrongNetwork extends Forbidden {
  constructor() {
    super('This may not be done from this network.', 'access.wrong-network');
  }
}
