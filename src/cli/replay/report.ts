import { table } from '../output.js';
import type { ReadBack } from './read-back.js';
import { sum, type Tally } from './tally.js';

export function report(conversations: number, seconds: number, tally: Tally, found: ReadBack): string {
  const counts: [string, number][] = [
    ['conversations', conversations],
    ['acknowledged', tally.acknowledged],
    ['of these duplicates', tally.duplicates],
    ['refused by limit', sum(tally.refusals)],
    ...indented(tally.refusals),
    ['failed', sum(tally.failures)],
    ...indented(tally.failures),
    ['requests tried again', tally.retries],
  ];
  const steps = tally.steps().map(({ step, count, p50, p99 }) => [step, count, Math.round(p50 * 10) / 10, Math.round(p99 * 10) / 10]);
  return [
    table(counts),
    '',
    table([['step', 'count', 'p50 ms', 'p99 ms'].map((head, index) => (index === 0 ? head : head.padStart(8))), ...steps]),
    '',
    `${conversations} conversations in ${seconds.toFixed(1)} s.`,
    verdict(tally, found),
  ].join('\n');
}

/** Whether everything that was acknowledged is there, and nothing went wrong but what the limits refuse. */
export function isWhole(tally: Tally, found: ReadBack): boolean {
  return found.same === tally.acknowledged && found.doubled === 0 && sum(tally.failures) === 0;
}

function verdict(tally: Tally, { same, missing, different, doubled }: ReadBack): string {
  const rows = `rows read back = ${same}, rows acknowledged = ${tally.acknowledged}`;
  if (same === tally.acknowledged && doubled === 0) return `Whole: ${rows}; every text is the same.`;
  return `NOT WHOLE: ${rows}; missing ${missing}, different ${different}, doubled ${doubled}.`;
}

function indented(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].map(([code, count]) => [`  ${code}`, count]);
}
