import { Problem, type ProblemKind } from '../platform/problems/problem.js';
import type { Granted } from './standing.js';

/** Nothing was spent; the answer carries the same members and headers as a granted one. */
export abstract class Refused extends Problem {
  constructor(kind: ProblemKind, code: string, detail: string, readonly unchanged: Granted, retryAfterSeconds?: number) {
    const { limits, credits } = unchanged.standing;
    super(kind, code, detail, { extensions: { limits, credits }, retryAfterSeconds });
  }
}

export class LimitReached extends Refused {
  constructor(unchanged: Granted, now: number) {
    const detail = 'The limit of conversations for today is reached; it returns at midnight in the user’s time zone.';
    super('too-many-requests', 'usage.limit-reached', detail, unchanged, (unchanged.today.endsAt - now) / 1000);
  }
}

export class InsufficientCredits extends Refused {
  constructor(unchanged: Granted) {
    super('payment-required', 'usage.insufficient-credits', 'There are not enough credits left.', unchanged);
  }
}

export class UserNotActive extends Problem {
  constructor() {
    super('forbidden', 'usage.user-not-active', 'This user may not use anything at the moment.');
  }
}

export class NeedsDefaultPlan extends Problem {
  constructor() {
    super('rule-broken', 'usage.needs-default-plan', 'There must be a default plan; make another one the default instead.');
  }
}

export class PlanIsDefault extends Problem {
  constructor() {
    super('conflict', 'plans.is-default', 'This is the plan of whoever has none of their own; make another one the default first.');
  }
}

export class PlanInUse extends Problem {
  constructor(users: number) {
    super('conflict', 'plans.in-use', `This plan is that of ${users} users; name another plan for them with ?moveTo=ID, or give them others first.`, { extensions: { users } });
  }
}

export class PlanExists extends Problem {
  constructor(name: string) {
    super('conflict', 'plans.taken', `There is already a plan named "${name}".`, { violations: [{ pointer: '/name', code: 'taken', detail: 'This name is taken.' }] });
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

export class OverrideTooShort extends Problem {
  constructor(refill: number) {
    const at = new Date(refill).toISOString();
    super('rule-broken', 'usage.override-too-short', `Credits a month count when they are refilled, next at ${at}; an override must last longer than that. Credits for now can be granted.`);
  }
}

export class BelowZero extends Problem {
  constructor(balance: number) {
    super('rule-broken', 'usage.below-zero', `The balance is ${balance}; it cannot fall below zero.`);
  }
}
