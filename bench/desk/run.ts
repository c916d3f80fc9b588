import { measure, type Result } from '../measure.js';
import type { Options } from '../options.js';
import { aligned, markdown, surroundings } from '../report.js';
import { Stage } from '../stage.js';
import { People } from './people.js';
import { DESK } from './scenarios.js';

/** Most that a page may cost of what it costs among a tenth of the users. */
const MOST_GROWTH = 1.3;
const HEADINGS = ['page of 50 users', 'floor /s', 'ours /s', 'ratio', 'target', 'CPU µs floor', 'ours', 'p50 ms', 'p99 ms', 'among a tenth: ratio', 'p50 ms', 'p99 ms', 'cost to that', 'target', 'met', 'errors'];

/** Lists of users for the desk: among a tenth of them, then among all. 0 when all is reached, 1 when not. */
export async function runDesk(options: Options, say: (line: string) => void): Promise<number> {
  const tenth = { ...options, users: Math.ceil(options.users / 10) };
  const stage = await Stage.set(tenth, (database, users) => People.of(database, users), say);
  try {
    const few = await measured(stage, options, say);
    say(`loading ${options.users.toLocaleString('en')} users`);
    await stage.population.growTo(options.users);
    const many = await measured(stage, options, say);
    const rows = many.map((result, index) => cells(result, few[index]!));
    process.stdout.write(`\n${[...(options.markdown ? markdown(rows, HEADINGS) : aligned(rows, HEADINGS)), '', ...surroundings(stage, options), ''].join('\n')}`);
    return many.every((result, index) => isMet(result, few[index]!)) ? 0 : 1;
  } finally {
    await stage.clear();
  }
}

async function measured(stage: Stage<People>, options: Options, say: (line: string) => void): Promise<Result[]> {
  const results: Result[] = [];
  const wanted = options.paths.slice(1);
  for (const scenario of DESK.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    say(scenario.title);
    results.push(await measure(scenario, stage, options));
  }
  return results;
}

/** Each against the floor of its own run, so that what else the machine did then falls out. */
function growth(many: Result, few: Result): number {
  return few.ratio / many.ratio;
}

function isMet(many: Result, few: Result): boolean {
  return many.ratio >= many.scenario.target && growth(many, few) <= MOST_GROWTH && many.errors + few.errors === 0;
}

function cells(many: Result, few: Result): string[] {
  const { scenario, floorRate, oursRate, ratio, floorCpu, oursCpu, p50, p99, errors } = many;
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  const own = [scenario.title, whole(floorRate), whole(oursRate), ratio.toFixed(2), `≥ ${scenario.target}`, floorCpu.toFixed(0), oursCpu.toFixed(0), p50.toFixed(1), p99.toFixed(1)];
  return [...own, few.ratio.toFixed(2), few.p50.toFixed(1), few.p99.toFixed(1), growth(many, few).toFixed(2), `≤ ${MOST_GROWTH}`, isMet(many, few) ? 'yes' : 'NO', String(errors + few.errors)];
}
