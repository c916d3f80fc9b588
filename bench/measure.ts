import { CONNECTIONS, type Options } from './options.js';
import type { Run } from './driver.js';
import type { Load, Scenario } from './scenario.js';
import { WrongCount } from './scenario.js';
import type { Stage } from './stage.js';

export interface Result {
  readonly scenario: Pick<Scenario, 'name' | 'title' | 'target' | 'maxP99Ms'>;
  /** A second, in what the scenario counts. */
  readonly floorRate: number;
  readonly oursRate: number;
  readonly ratio: number;
  /** Processor time of each server for one of what is counted, in microseconds; not a number where the system does not tell. */
  readonly floorCpu: number;
  readonly oursCpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly eventLoopP99: number;
  /** Answers other than 2xx, and broken connections. */
  readonly errors: number;
  readonly counts: readonly string[];
  readonly wrong?: string;
}

/** Floor, ours, floor, ours …: whatever else the machine does meanwhile falls on both. Medians of the rounds. */
export async function measure<P>(scenario: Scenario<P>, stage: Stage<P>, options: Options): Promise<Result> {
  const prepared = await scenario.prepare(stage);
  const floor = new Side(prepared.floor, stage);
  const ours = new Side(prepared.ours, stage);
  await floor.warmUp();
  await ours.warmUp();
  let eventLoopP99 = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    await floor.round(options.seconds);
    await stage.eventLoopP99();
    await ours.round(options.seconds);
    eventLoopP99 = Math.max(eventLoopP99, await stage.eventLoopP99());
  }
  const counted = await checked(() => prepared.check?.(ours.answers) ?? Promise.resolve([]));
  return {
    scenario,
    floorRate: floor.rate,
    oursRate: ours.rate,
    ratio: ours.rate / floor.rate,
    floorCpu: floor.cpu,
    oursCpu: ours.cpu,
    p50: ours.median((run) => run.p50),
    p99: ours.median((run) => run.p99),
    eventLoopP99,
    errors: ours.errors + floor.errors,
    ...counted,
  };
}

async function checked(check: () => Promise<string[]>): Promise<{ counts: string[]; wrong?: string }> {
  try {
    return { counts: await check() };
  } catch (error) {
    if (error instanceof WrongCount) return { counts: [], wrong: error.message };
    throw error;
  }
}

class Side {
  readonly answers = { statuses: {} as Record<number, number>, failures: 0 };
  private readonly rounds: (Run & { cpu: number })[] = [];
  private pace = 0;

  constructor(
    private readonly load: Load,
    private readonly stage: Stage<unknown>,
  ) {}

  /** Until the compiler has seen the path, and the pace is known from which rounds take their size. */
  async warmUp(): Promise<void> {
    await this.run(CONNECTIONS * 2);
    for (const seconds of [0.5, 1]) await this.run(Math.ceil(this.pace * seconds));
  }

  async round(seconds: number): Promise<void> {
    const server = this.load.url === this.stage.floor.url ? this.stage.floor : this.stage.service;
    const amount = Math.ceil(this.pace * seconds);
    const before = server.cpuMs;
    const run = await this.run(amount);
    this.rounds.push({ ...run, cpu: ((server.cpuMs - before) * 1000) / amount });
  }

  /** A second. */
  get rate(): number {
    return this.median((run) => run.rate) * this.unit;
  }

  get cpu(): number {
    return this.median((run) => run.cpu) / this.unit;
  }

  private get unit(): number {
    return this.load.perRequest ?? 1;
  }

  median(of: (run: Run & { cpu: number }) => number): number {
    const sorted = this.rounds.map(of).sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  get errors(): number {
    const refused = Object.entries(this.answers.statuses).filter(([status]) => !status.startsWith('2'));
    return this.answers.failures + refused.reduce((sum, [, count]) => sum + count, 0);
  }

  private async run(amount: number): Promise<Run> {
    const { background } = this.load;
    if (background) this.stage.secondDriver.start(background);
    const run = await this.stage.driver.run(this.load, Math.max(amount, CONNECTIONS));
    if (background) this.stage.secondDriver.stop();
    this.pace = run.rate;
    this.answers.failures += run.failures;
    for (const [status, count] of Object.entries(run.statuses)) this.answers.statuses[Number(status)] = (this.answers.statuses[Number(status)] ?? 0) + count;
    return run;
  }
}
