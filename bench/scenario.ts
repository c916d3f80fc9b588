import type { Population } from './population.js';
import type { Stage } from './stage.js';

/** What is sent to one server: the same method and path with one request after another, over and over. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly requests: readonly RequestPart[];
  /** What one request carries, where rates count that instead of requests. */
  readonly perRequest?: number;
  /** Sent by a second load generator at the same time, and not counted. */
  readonly background?: Load;
}

export interface RequestPart {
  /** Instead of the load's. */
  readonly path?: string;
  readonly credential?: string;
  readonly body?: string;
}

/** What came back of a load, over all its runs. */
export interface Answers {
  readonly statuses: Readonly<Record<number, number>>;
  /** Connections that broke and requests that timed out. */
  readonly failures: number;
}

export interface Prepared {
  readonly floor: Load;
  readonly ours: Load;
  /** After the last round, with all that ours answered: sentences that say what was counted; throws when a count is wrong. */
  check?(answers: Answers): Promise<string[]>;
}

export interface Scenario<P = Population> {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  /** Least ratio of ours to the floor; on MySQL only. */
  readonly target: number;
  /** Most that the slowest hundredth of ours may take. */
  readonly maxP99Ms?: number;
  prepare(stage: Stage<P>): Promise<Prepared>;
}

export class WrongCount extends Error {}

export function demandEqual(what: string, counted: number, expected: number): string {
  if (counted !== expected) throw new WrongCount(`${what}: ${counted} instead of ${expected}`);
  return `${what}: ${counted}, exactly`;
}
