import type { Factor, Setting, Settings } from '../factors.js';
import { type Model, modelOf } from '../model-matrix.js';
import type { Term } from '../terms.js';
import type { LinearConstraint } from './constraints.js';
import { DesignRefused } from './design.errors.js';
import { checkCount } from './planned-run.js';
import { SeededChance } from './random-order.js';
import { Region } from './region.js';

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

const MOST_STARTS = 1000;
const MOST_WORK = 4e9;

/** What all starts of a search share, and what was checked before them. */
export class Exchange {
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
