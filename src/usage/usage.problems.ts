import { Problem } from '../platform/problems/problem.js';
import type { Standing } from './standing.js';

/** Nothing was spent; the answer carries the same members as a granted one. */
export class LimitReached extends Problem {
  constructor({ limits, credits }: Standing, retryAfterSeconds: number) {
    super('too-many-requests', 'usage.limit-reached', 'The limit of conversations for today is reached; it returns at midnight in the user’s time zone.', {
      extensions: { limits, credits },
      retryAfterSeconds,
    });
  }
}

export class InsufficientCredits extends Problem {
  constructor({ limits, credits }: Standing) {
    super('payment-required', 'usage.insufficient-credits', 'There are not enough credits left.', { extensions: { limits, credits } });
  }
}

export class ReservationClosed extends Problem {
  constructor(status: string) {
    super('conflict', 'usage.reservation-closed', `This reservation is ${status}; it can be settled or released only once, and before it expires.`);
  }
}

export class UnknownPlan extends Problem {
  constructor(name: string) {
    super('not-found', 'plan.not-found', `There is no plan named "${name}".`);
  }
}

export class BelowZero extends Problem {
  constructor(balance: number) {
    super('rule-broken', 'usage.below-zero', `The balance is ${balance}; it cannot fall below zero.`);
  }
}
