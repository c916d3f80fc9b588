import { codedLevels, type Factor, type Setting, type Settings } from '../factors.js';
import { type Model, modelOf } from '../model-matrix.js';
import type { Term } from '../terms.js';
import { numeric, SLACK } from './constraints.js';
import type { LinearConstraint } from './constraints.js';
import { DesignRefused } from './design.errors.js';
import { ExchangeState } from './exchange-state.js';
import { checkCount } from './planned-run.js';
import { SeededChance } from './random-order.js';
import { Region } from './region.js';
import type { Search } from './search-progress.js';

/** Plain data: it is sent to a worker thread as it is. Settings are coded. */
export interface OptimalOptions {
  factors: readonly Factor[];
  terms: readonly Term[];
  /** Runs to be found, besides the fixed ones. */
  runs: number;
  seed: number;
  /** Runs that stay as they are: those already done, which the new ones complete. */
  fixed?: readonly Settings[];
  constraints?: readonly LinearConstraint[];
  /** The only settings allowed; without them the whole region is searched coordinate by coordinate. */
  candidates?: readonly Settings[];
  /** Searches from different random starts, of which the best counts; 10 unless given. */
  starts?: number;
}

export interface OptimalDesign {
  /** Coded settings of the runs found, without the fixed ones. */
  runs: Setting[][];
  /** ln det(X'X) of fixed and found runs together, in coded units with sum contrasts. */
  logDeterminant: number;
  /** det(X'X)^(1/p) / n. */
  dEfficiency: number;
  parameters: number;
  startsDone: number;
  /** How many starts ended within 0.1 % of the best efficiency: few of many means that more starts may find a better one. */
  startsThatReachedIt: number;
}

const RIDGE = 1e-6;
/** A gain below this is rounding. */
const GAIN = 1e-9;
const MOST_SWEEPS = 100;
const MOST_STARTS = 1000;
const MOST_WORK = 4e9;

/**
 * D-optimal design: the runs whose det(X'X) is largest, so that the joint confidence region of the coefficients is smallest.
 * Over candidates by Fedorov's exchange (1972), else by coordinate exchange (Meyer and Nachtsheim 1995, Technometrics 37,
 * 60), along each factor, and along pairs of shares of a mixture. Not proven best: the best of several random starts.
 */
export function* dOptimal(options: OptimalOptions): Search<OptimalDesign> {
  const setup = new Exchange(options);
  const starts = options.starts ?? 10;
  const results: { logDeterminant: number; runs: Setting[][] }[] = [];
  for (let start = 0; start < starts; start += 1) {
    const attempt = setup.attempt();
    for (let sweep = 0; sweep < MOST_SWEEPS && attempt.improve(); sweep += 1) {
      const best = Math.max(setup.score(attempt.logDeterminant()), ...results.map(({ logDeterminant }) => setup.score(logDeterminant)));
      if ((yield { done: (start + sweep / MOST_SWEEPS) / starts, best }) === 'stop') return setup.result([...results, attempt.result()]);
    }
    results.push(attempt.result());
  }
  return setup.result(results);
}

class Exchange {
  readonly model: Model;
  readonly region: Region;
  readonly chance: SeededChance;
  readonly candidates: readonly Settings[] | undefined;
  readonly candidateRows: readonly Float64Array[];

  constructor(readonly options: OptimalOptions) {
    const { factors, terms, runs, fixed = [], constraints, candidates, starts = 10 } = options;
    this.region = new Region(factors, constraints);
    this.model = modelOf(factors, terms, 'sum');
    this.chance = new SeededChance(options.seed);
    checkCount('number of runs', runs, 1);
    if (!Number.isInteger(starts) || starts < 1 || starts > MOST_STARTS) throw new DesignRefused('count', `The number of starts must be a whole number from 1 to ${MOST_STARTS}.`);
    const all = runs + fixed.length;
    const parameters = this.model.columns.length;
    if (all < parameters) throw new DesignRefused('more-terms-than-runs', `${all} runs cannot tell ${parameters} coefficients apart; ask for ${parameters - fixed.length} runs or more, or drop terms.`);
    if (runs * factors.length * parameters ** 2 > MOST_WORK) throw new DesignRefused('too-many-runs', 'So many runs and terms cannot be searched in reasonable time; take fewer of either.');
    this.candidates = candidates?.filter((settings) => this.region.contains(settings));
    if (this.candidates?.length === 0) throw new DesignRefused('no-feasible-point', 'None of the candidates lies in the ranges and meets the constraints; add others.');
    this.candidateRows = (this.candidates ?? []).map((settings) => Float64Array.from(this.model.row(settings)));
  }

  attempt(): Attempt {
    return new Attempt(this);
  }

  score(logDeterminant: number): number {
    return Math.exp(logDeterminant / this.model.columns.length) / (this.options.runs + (this.options.fixed?.length ?? 0));
  }

  result(results: readonly { logDeterminant: number; runs: Setting[][] }[]): OptimalDesign {
    const best = results.reduce((a, b) => (b.logDeterminant > a.logDeterminant ? b : a));
    if (!Number.isFinite(best.logDeterminant)) throw new DesignRefused('singular', 'No set of runs in this region can tell all terms apart; drop terms, or add levels or candidates.');
    const near = best.logDeterminant + this.model.columns.length * Math.log(0.999);
    return {
      runs: best.runs,
      logDeterminant: best.logDeterminant,
      dEfficiency: this.score(best.logDeterminant),
      parameters: this.model.columns.length,
      startsDone: results.length,
      startsThatReachedIt: results.filter(({ logDeterminant }) => logDeterminant >= near).length,
    };
  }
}

/** Evenly spaced values tried along a line: few while the design takes shape, many when it settles. */
const COARSE = 5;
const FINE = 21;

class Attempt {
  private readonly settings: Setting[][] = [];
  private readonly state: ExchangeState;
  private readonly fixed: number;
  private steps = COARSE;

  constructor(private readonly setup: Exchange) {
    const { fixed = [], runs } = setup.options;
    this.fixed = fixed.length;
    this.state = new ExchangeState(fixed.map((run) => this.row(run)), setup.model.columns.length, RIDGE);
    for (let run = 0; run < runs; run += 1) this.addStart(run % 2 === 0);
    this.state.refresh();
  }

  logDeterminant(): number {
    return this.state.logDeterminant;
  }

  result(): { logDeterminant: number; runs: Setting[][] } {
    return { logDeterminant: this.state.exactLogDeterminant(), runs: this.settings.map((run) => [...run]) };
  }

  /** One sweep over all runs; whether another may gain more. */
  improve(): boolean {
    let gained = false;
    for (let run = 0; run < this.settings.length; run += 1) gained = (this.setup.candidates ? this.exchangeCandidate(run) : this.exchangeCoordinates(run)) || gained;
    this.state.refresh();
    if (gained || this.setup.candidates || this.steps === FINE) return gained;
    this.steps = FINE;
    return true;
  }

  /** Every other start point is the one of several that adds most, so that hardly any start lacks a coefficient. */
  private addStart(greedy: boolean): void {
    const drawn = Array.from({ length: greedy ? 10 : 1 }, () => this.draw());
    const [best] = drawn.map((settings) => ({ settings, variance: this.state.variance(this.row(settings)) })).sort((a, b) => b.variance - a.variance);
    this.settings.push(best!.settings);
    this.state.add(this.row(best!.settings));
  }

  private draw(): Setting[] {
    const { candidates, chance, region } = this.setup;
    return candidates ? [...chance.pick(candidates)] : region.sample(chance);
  }

  private exchangeCandidate(run: number): boolean {
    const { candidates, candidateRows } = this.setup;
    const trial = this.trial(run);
    let best = 1 + GAIN;
    let chosen = -1;
    candidateRows.forEach((row, index) => {
      const ratio = trial(row);
      if (ratio > best) [best, chosen] = [ratio, index];
    });
    if (chosen >= 0) this.replace(run, [...candidates![chosen]!]);
    return chosen >= 0;
  }

  private exchangeCoordinates(run: number): boolean {
    let gained = false;
    for (const moves of this.lines()) {
      const trial = this.trial(run);
      let best = 1 + GAIN;
      let chosen: Setting[] | undefined;
      for (const settings of moves(this.settings[run]!)) {
        const ratio = trial(this.row(settings));
        if (ratio > best) [best, chosen] = [ratio, settings];
      }
      if (chosen) this.replace(run, chosen);
      gained ||= chosen !== undefined;
    }
    return gained;
  }

  private trial(run: number): (row: Float64Array) => number {
    const old = this.state.rows[this.fixed + run]!;
    const solved = this.state.solved(old);
    const variance = old.reduce((sum, value, index) => sum + value * solved[index]!, 0);
    return (row) => this.state.ratio(solved, variance, row);
  }

  private replace(run: number, settings: Setting[]): void {
    this.settings[run] = settings;
    this.state.exchange(this.fixed + run, this.row(settings));
  }

  private row(settings: Settings): Float64Array {
    return Float64Array.from(this.setup.model.row(settings));
  }

  /** The directions in which one run may change: along each factor, and from one share of the mixture to another. */
  private lines(): ((settings: readonly Setting[]) => Setting[][])[] {
    const { factors } = this.setup.options;
    const axes = [...factors.keys()].filter((index) => factors[index]!.kind !== 'mixture');
    const { shares } = this.setup.region;
    const pairs = shares.flatMap((a, at) => shares.slice(at + 1).map((b) => [a, b] as const));
    return [...axes.map((index) => (settings: readonly Setting[]) => this.alongAxis(settings, index)), ...pairs.map(([a, b]) => (settings: readonly Setting[]) => this.alongLine(settings, factors.map((_, index) => (index === a ? 1 : index === b ? -1 : 0))))];
  }

  private alongAxis(settings: readonly Setting[], index: number): Setting[][] {
    const { factors } = this.setup.options;
    const levels = codedLevels(factors[index]!);
    if (!levels) return this.alongLine(settings, factors.map((_, other) => (other === index ? 1 : 0)));
    return levels.map((level) => settings.map((value, other) => (other === index ? level : value))).filter((moved) => this.setup.region.contains(moved));
  }

  private alongLine(settings: readonly Setting[], direction: readonly number[]): Setting[][] {
    const { low, high } = this.setup.region.reach(settings, direction);
    if (high - low < SLACK) return [];
    return Array.from({ length: this.steps }, (_, step) => low + ((high - low) * step) / (this.steps - 1)).map((length) => settings.map((value, index) => (direction[index] === 0 ? value : tidy(numeric(value) + length * direction[index]!))));
  }
}

/** −1 + 2 · 0.5 and the like should come out as 0, not as a rounding beside it. */
function tidy(value: number): number {
  const rounded = Math.round(value * 1e9) / 1e9;
  return Math.abs(rounded - value) < 1e-12 ? rounded + 0 : value;
}
