import { Injectable } from '@nestjs/common';
import type { PrincipalKind } from '../../access/permission.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { sha256 } from '../../platform/crypto/keyring.js';
import { Sql } from '../../platform/database/sql.js';
import { Problem } from '../../platform/problems/problem.js';
import { FailureCounts } from './failure-counts.js';
import { type FailureLimit, type Failures, waitSeconds } from './failure-limits.js';

/** What one attempt to guess a password is counted against. */
interface Counter {
  readonly id: string;
  readonly limit: FailureLimit;
  /** Whether the count must be exact even for attempts at the same moment. */
  readonly exact: boolean;
  /** Whether a success clears it. */
  readonly clears: boolean;
}

export interface Guess {
  readonly kind: PrincipalKind;
  /** The account's id, or the name as typed when there is no such account: both are counted alike. */
  readonly account: string;
  readonly network: string;
  /** A device of the account that proved itself. */
  readonly deviceId?: string;
  /** Whether the account was signed in to from this network before. */
  readonly knownNetwork: boolean;
}

/**
 * Slows and stops guessing: each account from each network by growing delays, each account over all networks and each
 * network over all accounts by a limit. A device that the account knows is counted by itself, and a network it knows
 * does not suffer from failures elsewhere: no stranger can lock the owner out.
 */
@Injectable()
export class Attempts {
  /** Attempts of this process whose outcome is not known yet, by counter. */
  private readonly inFlight = new Map<string, number>();

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly counts: FailureCounts,
  ) {}

  /** Runs one check of a password; what it answers decides how it counts. Throws `TooManyFailures` in place of running it. */
  async guarded(guess: Guess, isRight: () => Promise<boolean>): Promise<boolean> {
    const counters = this.countersOf(guess);
    const reserved = await this.enter(counters);
    try {
      const outcome = await isRight();
      if (outcome) await this.clear(reserved);
      else await this.fail(counters.filter((counter) => !reserved.includes(counter)));
      return outcome;
    } catch (error) {
      // Nobody was told anything about the password.
      if (reserved.length > 0) await this.counts.takeBack(idsOf(reserved));
      throw error;
    } finally {
      for (const { id } of counters) this.leave(id);
    }
  }

  /**
   * Attempts that nothing speaks against only read. Where there were failures, or another attempt is under way, the
   * attempt is counted as a failure before it is made, so that many at once get no more tries than one after the other.
   */
  private async enter(counters: Counter[]): Promise<Counter[]> {
    const known = await Promise.all(counters.map(({ id }) => this.counts.find(id)));
    this.demandRest(counters, (index) => known[index]);
    const exact = counters.filter(({ exact: mustBe }) => mustBe);
    const suspicious = counters.some(({ id, exact: mustBe }, index) => mustBe && (known[index] !== undefined || this.inFlight.has(id)));
    for (const { id } of counters) this.inFlight.set(id, (this.inFlight.get(id) ?? 0) + 1);
    if (!suspicious) return [];
    try {
      await this.reserve(exact);
    } catch (error) {
      for (const { id } of counters) this.leave(id);
      throw error;
    }
    return exact;
  }

  private async reserve(counters: Counter[]): Promise<void> {
    await this.sql.transaction(async (tx) => {
      const locked = await this.counts.locked(tx, idsOf(counters));
      this.demandRest(counters, (index) => locked.get(counters[index]!.id));
      await this.counts.add(idsOf(counters), tx);
    });
  }

  private demandRest(counters: Counter[], failuresAt: (index: number) => Failures | undefined): void {
    const now = this.clock.millis();
    const wait = Math.max(...counters.map(({ limit }, index) => waitSeconds(failuresAt(index), limit, now)));
    if (wait > 0) throw new TooManyFailures(wait);
  }

  private async fail(counters: Counter[]): Promise<void> {
    if (counters.length > 0) await this.counts.add(idsOf(counters));
  }

  private async clear(reserved: Counter[]): Promise<void> {
    const cleared = reserved.filter(({ clears }) => clears);
    const kept = reserved.filter(({ clears }) => !clears);
    if (cleared.length > 0) await this.counts.forget(idsOf(cleared));
    if (kept.length > 0) await this.counts.takeBack(idsOf(kept));
  }

  private leave(id: string): void {
    const left = (this.inFlight.get(id) ?? 1) - 1;
    if (left > 0) this.inFlight.set(id, left);
    else this.inFlight.delete(id);
  }

  private countersOf({ kind, account, network, deviceId, knownNetwork }: Guess): Counter[] {
    const { signInFailureMinutes, signInFailuresPerAccount: perAccount, signInFailuresPerNetwork: perNetwork } = this.settings;
    const windowSeconds = signInFailureMinutes * 60;
    const counter = (what: string[], most: number, slows: boolean, exact: boolean): Counter => ({
      id: sha256(JSON.stringify([kind, ...what])).toString('base64url'), limit: { most, windowSeconds, slows }, exact, clears: slows,
    });
    if (deviceId !== undefined) return [counter(['device', deviceId], perAccount, true, true)];
    const here = counter(['account from network', account, network], perAccount, true, true);
    const fromNetwork = counter(['network', network], perNetwork, false, false);
    return knownNetwork ? [here, fromNetwork] : [here, counter(['account', account], perAccount, false, true), fromNetwork];
  }
}

function idsOf(counters: readonly Counter[]): string[] {
  return counters.map(({ id }) => id);
}

export class TooManyFailures extends Problem {
  constructor(seconds: number) {
    const wait = Math.ceil(seconds);
    super('too-many-requests', 'auth.too-many-failures', `Too many failed sign-ins. Try again in ${wait} s.`, { retryAfterSeconds: wait });
  }
}
