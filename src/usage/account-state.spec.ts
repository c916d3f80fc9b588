import type { LocalDay } from '../platform/clock/local-days.js';
import { type AccountRow, AccountState, type Cause } from './account-state.js';
import type { PlanTerms } from './plan-book.js';

const NOW = Date.UTC(2026, 2, 2, 12);
const HOUR = 3_600_000;
const CAUSE: Cause = { actorKind: 'user', actorId: 'ada' };

const plan = (terms: Partial<PlanTerms> = {}): PlanTerms => ({
  id: 'plan', name: 'free', conversationsPerDay: 100, creditsPerMonth: 0, requestsPerMinute: null, features: {}, isDefault: true, ...terms,
});
const on = (day: string): LocalDay => ({ day, month: day.slice(0, 7), startsAt: 0, endsAt: 0, monthStartsAt: Date.parse(`${day.slice(0, 7)}-01T00:00:00Z`), monthEndsAt: 0 });
const account = (row: Partial<AccountRow> = {}): AccountState =>
  new AccountState({
    userId: 'ada', planId: null, day: '2026-03-02', used: 0, spent: 0, balance: 0, planBalance: 0, month: '2026-03', overrideConversations: null, overrideCredits: null, overrideRequests: null, overrideUntil: null, ...row,
  });
const moved = ({ movements }: AccountState): [string, number, number][] => movements.map(({ kind, amount, balanceAfter }) => [kind, amount, balanceAfter]);

describe('An account', () => {
  it('begins a day with nothing used and keeps the day that is over', () => {
    const state = account({ used: 7, spent: 3 }).open(on('2026-03-03'), plan(), NOW);
    expect(state.row).toMatchObject({ day: '2026-03-03', used: 0, spent: 0 });
    expect(state.closedDays).toEqual([{ day: '2026-03-02', conversations: 7, credits: 3 }]);
  });

  it('keeps no day on which nothing happened', () => {
    expect(account().open(on('2026-03-09'), plan(), NOW).closedDays).toEqual([]);
  });

  it('never goes back a day or a month', () => {
    const state = account({ day: '2026-04-01', month: '2026-04', used: 7 }).open(on('2026-03-31'), plan({ creditsPerMonth: 5 }), NOW);
    expect(state.row).toMatchObject({ day: '2026-04-01', month: '2026-04', used: 7, balance: 0 });
    expect(state.changed).toBe(false);
  });

  it('takes up to the limit and not one more, all or nothing', () => {
    const state = account({ used: 98 });
    expect(state.take(3, 0, plan(), CAUSE)).toBe('limit');
    expect(state.take(2, 0, plan(), CAUSE)).toBeUndefined();
    expect(state.take(1, 0, plan(), CAUSE)).toBe('limit');
    expect(state.row.used).toBe(100);
  });

  it('is refused no credits for a limit that is reached', () => {
    expect(account({ used: 100, balance: 5 }).take(0, 5, plan(), CAUSE)).toBeUndefined();
  });

  it('never spends what is not there, and then counts no conversation either', () => {
    const state = account({ balance: 4 });
    expect(state.take(1, 5, plan(), CAUSE)).toBe('credits');
    expect(state.row).toMatchObject({ used: 0, balance: 4 });
    expect(state.movements).toEqual([]);
  });

  it('spends the credits of the plan first, because they end with the month', () => {
    const state = account({ balance: 10, planBalance: 6 });
    state.take(0, 8, plan(), CAUSE);
    expect(state.row).toMatchObject({ balance: 2, planBalance: 0, spent: 8 });
  });

  it('ends what is left of the plan with the month and gets the new grant, keeping its own', () => {
    const state = account({ balance: 10, planBalance: 6 }).open(on('2026-04-01'), plan({ creditsPerMonth: 100 }), NOW);
    expect(moved(state)).toEqual([['expire', -6, 4], ['grant', 100, 104]]);
    expect(state.row).toMatchObject({ balance: 104, planBalance: 100, month: '2026-04' });
  });

  it('follows an override to its last millisecond, an unlimited one as well', () => {
    const state = account({ overrideConversations: 2, overrideUntil: NOW + HOUR });
    expect(state.open(on('2026-03-02'), plan(), NOW + HOUR - 1).limit(plan())).toBe(2);
    expect(state.open(on('2026-03-02'), plan(), NOW + HOUR).limit(plan())).toBe(100);
    expect(account({ overrideConversations: -1, overrideUntil: NOW + HOUR }).limit(plan())).toBeNull();
    expect(account({ overrideUntil: NOW + HOUR }).limit(plan())).toBe(100);
  });

  it('is refilled by the override that was in force when the month began, however late the month is opened', () => {
    const begun = Date.UTC(2026, 3, 1);
    const opened = (overrideUntil: number): AccountState => account({ overrideCredits: 7, overrideUntil }).open(on('2026-04-20'), plan({ creditsPerMonth: 100 }), begun + 500 * HOUR);
    expect(opened(begun + 1).row).toMatchObject({ balance: 7, overrideUntil: null, overrideCredits: null });
    expect(opened(begun).row).toMatchObject({ balance: 100, overrideUntil: null });
  });

  it('gives a conversation back on its own day alone', () => {
    const state = account({ used: 5 });
    state.giveBackConversations(2, '2026-03-01');
    expect(state.row.used).toBe(5);
    state.giveBackConversations(2, '2026-03-02');
    expect(state.row.used).toBe(3);
  });

  it('corrects a balance, but not below zero', () => {
    const state = account({ balance: 10, planBalance: 8 });
    expect(state.adjust(-11, CAUSE)).toBe(false);
    expect(state.adjust(-7, CAUSE)).toBe(true);
    expect(state.row).toMatchObject({ balance: 3, planBalance: 3 });
  });
});

describe('A reservation that cost less than it held', () => {
  const held = { credits: 10, planCredits: 6, day: '2026-03-02', month: '2026-03' };

  it('has cost the credits of the plan first: the rest comes back as what it was', () => {
    const state = account({ spent: 10 });
    state.settleLess(held, 7, CAUSE);
    expect(state.row).toMatchObject({ balance: 3, planBalance: 0, spent: 7 });
    const cheap = account({ spent: 10 });
    cheap.settleLess(held, 2, CAUSE);
    expect(cheap.row).toMatchObject({ balance: 8, planBalance: 4, spent: 2 });
  });

  it('does not carry credits of the plan over the end of their month', () => {
    const state = account({ day: '2026-04-01', month: '2026-04' });
    state.settleLess(held, 2, CAUSE);
    expect(moved(state)).toEqual([['refund', 8, 8], ['expire', -4, 4]]);
    expect(state.row).toMatchObject({ balance: 4, planBalance: 0 });
  });
});
