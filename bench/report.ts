import { cpus, totalmem } from 'node:os';
import type { Result } from './measure.js';
import { CONNECTIONS, type Options } from './options.js';
import type { Stage } from './stage.js';

/** Most that the event loop may be held up, on any path. */
const EVENT_LOOP_LIMIT_MS = 50;
const HEADINGS = ['path', 'floor /s', 'ours /s', 'ratio', 'target', 'met', 'CPU µs floor', 'ours', 'p50 ms', 'p99 ms', 'event loop p99 ms', 'errors'];

export function report(results: readonly Result[], stage: Stage<unknown>, options: Options): string {
  const rows = results.map((result) => cells(result, options));
  return [...(options.markdown ? markdown(rows) : aligned(rows)), '', ...counts(results), ...surroundings(stage, options), ''].join('\n');
}

/** Whether every target was reached and every count was right. Targets are for MySQL. */
export function isMet(result: Result, { databaseUrl }: Options): boolean {
  const { scenario, ratio, p99, eventLoopP99, errors, wrong } = result;
  if (wrong !== undefined || errors > 0) return false;
  return !databaseUrl || (ratio >= scenario.target && p99 <= (scenario.maxP99Ms ?? Infinity) && eventLoopP99 < EVENT_LOOP_LIMIT_MS);
}

function cells(result: Result, options: Options): string[] {
  const { scenario, floorRate, oursRate, ratio, floorCpu, oursCpu, p50, p99, eventLoopP99, errors } = result;
  const target = options.databaseUrl ? `≥ ${scenario.target}${scenario.maxP99Ms ? `, p99 ≤ ${scenario.maxP99Ms}` : ''}` : '–';
  const met = isMet(result, options) ? (options.databaseUrl ? 'yes' : '–') : 'NO';
  return [scenario.title, whole(floorRate), whole(oursRate), ratio.toFixed(2), target, met, floorCpu.toFixed(0), oursCpu.toFixed(0), p50.toFixed(1), p99.toFixed(1), eventLoopP99.toFixed(1), String(errors)];
}

function counts(results: readonly Result[]): string[] {
  return results.flatMap(({ scenario, counts: sentences, wrong }) => [
    ...sentences.map((sentence) => `${scenario.name}: ${sentence}`),
    ...(wrong ? [`${scenario.name}: WRONG: ${wrong}`] : []),
  ]);
}

export function surroundings(stage: Stage<unknown>, { users, seconds, rounds }: Options): string[] {
  const { idleBytes, service, database } = stage;
  return [
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, one process of each server`,
    `${database.description}, beside the servers and the load generator`,
    `${users.toLocaleString('en')} users with a key each; ${CONNECTIONS} connections, one request at a time on each; medians of ${rounds} rounds of about ${seconds} s in turns`,
    'CPU: time of the server process alone for one of what is counted; what the database takes is not in it',
    `event loop: p99 of perf_hooks' delay in the worst round of ours, its timer's own 10 ms included`,
    `the service: ready after ${(service.readyMs / 1000).toFixed(1)} s with migrations, resident memory ${mebibytes(idleBytes)} idle, ${mebibytes(service.peakBytes)} at most`,
  ];
}

export function aligned(rows: readonly string[][], headings = HEADINGS): string[] {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ').trimEnd();
  return [line(headings), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)];
}

export function markdown(rows: readonly string[][], headings = HEADINGS): string[] {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return [line(headings), line(headings.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function mebibytes(bytes: number | undefined): string {
  return bytes === undefined ? 'unknown' : `${Math.round(bytes / 2 ** 20)} MiB`;
}
