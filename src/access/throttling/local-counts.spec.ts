import { LocalCounts } from './local-counts.js';

const MINUTE = 60_000;

describe('local counts', () => {
  it('begin anew when their window is over, counted from its first request', () => {
    const counts = new LocalCounts(10);
    const add = (now: number) => counts.add('sign-in', '192.0.2.1', 1, { windowMs: MINUTE, now });
    expect([add(0), add(59_999), add(60_000)]).toEqual([{ count: 1, endsInMs: MINUTE }, { count: 2, endsInMs: 1 }, { count: 1, endsInMs: MINUTE }]);
  });

  it('hold so many networks and no more, however many come; those that came first go first', () => {
    const counts = new LocalCounts(3);
    const add = (network: number) => counts.add('sign-in', `2001:db8:0:${network}::/64`, 1, { windowMs: MINUTE, now: 0 }).count;
    for (let network = 1; network <= 100_000; network += 1) add(network);
    expect([100_000, 99_999, 99_998].map(add)).toEqual([2, 2, 2]);
    expect(add(1)).toBe(1);
    expect((counts as unknown as { lists: Map<string, Map<string, unknown>> }).lists.get('sign-in')!.size).toBe(3);
  });

  it('of one list know nothing of the other: a flood of one kind of request forgets nothing of another', () => {
    const counts = new LocalCounts(2);
    const add = (list: string, network: string) => counts.add(list, network, 1, { windowMs: MINUTE, now: 0 }).count;
    add('sign-in', '192.0.2.1');
    for (let network = 0; network < 100; network += 1) add('public', `192.0.2.${network}`);
    expect(add('sign-in', '192.0.2.1')).toBe(2);
  });
});
