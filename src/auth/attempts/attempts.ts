import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PrincipalKind } from '../../access/permission.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { sha256 } from '../../platform/crypto/keyring.js';
import { Problem } from '../../platform/problems/problem.js';
import { FailureCounts } from './failure-counts.js';
import { type FailureLimit, type Failures, waitSeconds } from './failure-limits.js';

/** What one attempt to guess a password is counted against. */
interface Counter {
  readonly id: string;
  /** Hash of the account whose failures are counted; null where they are a network's. */
  readonly account: string | null;
  readonly limit: FailureLimit;
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
  /** The last of those who check a password of an account in this process, by account. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly counts: FailureCounts,
  ) {}

  /**
   * Runs one check of a password and counts what comes of it. Throws `TooManyFailures` in place of running it. Checks of one
   * account take turns, so that many at once get no more tries than one after the other.
   */
  guarded(guess: Guess, isRight: () => Promise<boolean>): Promise<boolean> {
    return this.inTurn(`${guess.kind}:${guess.account}`, () => this.attempt(this.countersOf(guess), isRight));
  }

  /** Whoever failed for this account may try again, wherever they are. What is counted against networks stays. */
  forgive(tx: EntityManager, kind: PrincipalKind, principalId: string): Promise<void> {
    return this.counts.forgetAccount(tx, accountHash(kind, principalId));
  }

  private async attempt(counters: Counter[], isRight: () => Promise<boolean>): Promise<boolean> {
    const known = await Promise.all(counters.map(({ id }) => this.counts.find(id)));
    this.demandRest(counters, known);
    const outcome = await isRight();
    if (!outcome) await this.counts.add(counters);
    else {
      const cleared = counters.filter(({ clears }, index) => clears && known[index]);
      if (cleared.length > 0) await this.counts.forget(idsOf(cleared));
    }
    return outcome;
  }

  private demandRest(counters: Counter[], known: (Failures | undefined)[]): void {
    const now = this.clock.millis();
    const wait = Math.max(...counters.map(({ limit }, index) => waitSeconds(known[index], limit, now)));
    if (wait > 0) throw new TooManyFailures(wait);
  }

  private async inTurn<T>(account: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.turns.get(account) ?? Promise.resolve()).then(work, work);
    this.turns.set(account, mine);
    try {
      return await mine;
    } finally {
      if (this.turns.get(account) === mine) this.turns.delete(account);
    }
  }

  private countersOf({ kind, account, network, deviceId, knownNetwork }: Guess): Counter[] {
    const { signInFailureMinutes, signInFailuresPerAccount: perAccount, signInFailuresPerNetwork: perNetwork } = this.settings;
    const windowSeconds = signInFailureMinutes * 60;
    const ofAccount = accountHash(kind, account);
    const counter = (what: string[], most: number, slows: boolean, of: string | null = ofAccount): Counter => ({
      id: hashOf([kind, ...what]), account: of, limit: { most, windowSeconds, slows }, clears: slows,
    });
    if (deviceId !== undefined) return [counter(['device', deviceId], perAccount, true)];
    const here = counter(['account from network', account, network], perAccount, true);
    const fromNetwork = counter(['network', network], perNetwork, false, null);
    return knownNetwork ? [here, fromNetwork] : [here, counter(['account', account], perAccount, false), fromNetwork];
  }
}

function accountHash(kind: PrincipalKind, account: string): string {
  return hashOf([kind, 'all of account', account]);
}

function hashOf(what: readonly string[]): string {
  return sha256(JSON.stringify(what)).toString('base64url');
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
