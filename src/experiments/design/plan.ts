import { categoryLevels, checkFactors, codedLevels, type Factor, natural, type Setting, type Settings } from '../factors.js';
import { type ModelName, modelTerms, type Preset } from '../terms.js';
import { type AliasStructure, aliasStructure, foldOver } from './aliases.js';
import { bestBlockGenerators, blocked, type Blocking } from './blocking.js';
import { boxBehnken } from './box-behnken.js';
import { type AxialDistance, centralComposite } from './central-composite.js';
import type { LinearConstraint } from './constraints.js';
import { dOptimal } from './d-optimal.js';
import { DesignRefused } from './design.errors.js';
import { withMirrorImage } from './fold-over.js';
import { fullFactorial } from './full-factorial.js';
import { maximinLatinHypercube } from './latin-hypercube.js';
import { minimumAberration, smallestOfResolution } from './minimum-aberration.js';
import { mirrored, plackettBurman } from './plackett-burman.js';
import { checkOptions } from './plan-options.js';
import { centrePoints, planned, type PlannedRun, replicated } from './planned-run.js';
import { runOrder } from './random-order.js';
import type { Search } from './search-progress.js';
import { axialBlends, fromPseudoComponents, overallCentroid, simplexCentroid, simplexLattice } from './simplex.js';
import { type Fraction, fraction, fractionRuns } from './two-level-fraction.js';

export const DESIGN_KINDS = ['full-factorial', 'fractional-factorial', 'plackett-burman', 'central-composite', 'box-behnken', 'latin-hypercube', 'd-optimal', 'simplex-lattice', 'simplex-centroid'] as const;
export type DesignKind = (typeof DESIGN_KINDS)[number];

/** What a design is asked for with; each kind reads its own. Plain data: it travels to worker threads as it is. */
export interface PlanOptions {
  /** `full-factorial`: levels of each continuous factor, by its name; 2 unless given. */
  levels?: Readonly<Record<string, number>>;
  /** `fractional-factorial`, `central-composite`: `E=ABC`, letters standing for the factors in their order (without I). */
  generators?: readonly string[];
  /** `fractional-factorial`, `plackett-burman`, `latin-hypercube`, `d-optimal`. */
  runs?: number;
  /** `fractional-factorial`: the smallest fraction that reaches it, in place of `runs`. */
  resolution?: number;
  /** `fractional-factorial`, `plackett-burman`: adds the mirror image, as a block of its own. */
  foldOver?: boolean;
  /** Two-level designs: 2, 4, 8 …; `central-composite`, `box-behnken`: any number above 1 asks for their own blocks. */
  blocks?: number;
  centrePoints?: number;
  replicates?: number;
  /** `central-composite`. */
  alpha?: AxialDistance | number;
  inscribed?: boolean;
  /** `simplex-lattice`. */
  degree?: number;
  /** `simplex-lattice`, `simplex-centroid`: adds blends halfway to each vertex, and the overall centroid. */
  interior?: boolean;
  /** `d-optimal`: the model that it is best for; a preset or terms such as `A:B`. */
  model?: ModelName;
  constraints?: readonly LinearConstraint[];
  starts?: number;
  /** `d-optimal`: completes the runs that are there, so that all together are best; `runs` are then the new ones. */
  keepRuns?: boolean;
  /** `latin-hypercube`. */
  exchanges?: number;
}

export interface Plan {
  /** In the order in which they are to be made. Settings are natural values. */
  runs: (PlannedRun & { standardOrder: number })[];
  /** Of regular two-level designs. */
  aliases?: AliasStructure;
  blocking?: Omit<Blocking, 'blockOfRun'>;
  /** Of central composite designs: how far out the axial points lie, in coded units. */
  alpha?: number;
  /** Of designs that were searched for. */
  search?: Readonly<Record<string, number>>;
  /** Of designs that complete others: how many runs were there. */
  kept?: number;
}

interface Points extends Omit<Plan, 'runs'> {
  /** In coded units. */
  runs: PlannedRun[];
}

/**
 * A design as asked for, in an order drawn by the seed. Searches can be followed and stopped; other kinds are there at once.
 * @param kept Coded settings of runs that are there already, for options that complete them.
 */
export function* planOf(factors: readonly Factor[], kind: DesignKind, options: PlanOptions, seed: number, kept: readonly Settings[] = []): Search<Plan> {
  checkFactors(factors);
  checkOptions(factors, kind, options);
  const { runs: points, ...rest } = yield* pointsOf(factors, kind, options, seed, kept);
  const all = replicated(points, options.replicates ?? 1);
  const order = runOrder(all, seed);
  const runs = order.map((index) => ({ ...all[index]!, standardOrder: index + 1, settings: all[index]!.settings.map((code, factor) => natural(factors[factor]!, code)) }));
  return { ...rest, runs };
}

function* pointsOf(factors: readonly Factor[], kind: DesignKind, options: PlanOptions, seed: number, kept: readonly Settings[]): Search<Points> {
  switch (kind) {
    case 'full-factorial':
      return fullPoints(factors, options);
    case 'fractional-factorial':
      return fractionPoints(factors, options);
    case 'plackett-burman':
      return screeningPoints(factors, options);
    case 'central-composite':
      return compositePoints(factors, options);
    case 'box-behnken':
      demandContinuous(factors, kind);
      return { runs: boxBehnken({ factors: factors.length, blocks: (options.blocks ?? 1) > 1, ...(options.centrePoints !== undefined && { centreRuns: options.centrePoints }) }) };
    case 'latin-hypercube':
      return yield* latinPoints(factors, options, seed);
    case 'd-optimal':
      return yield* optimalPoints(factors, options, seed, kept);
    case 'simplex-lattice':
    case 'simplex-centroid':
      return blendPoints(factors, kind, options);
  }
}

function fullPoints(factors: readonly Factor[], options: PlanOptions): Points {
  const isTwoLevel = (options.blocks ?? 1) > 1;
  if (isTwoLevel) return twoLevelPoints(factors, fraction(factors.length, []), options);
  const points = fullFactorial(factors, factors.map(({ name }) => options.levels?.[name] ?? 2));
  return { runs: [...planned(points, 'factorial'), ...centre(factors, options)] };
}

function fractionPoints(factors: readonly Factor[], options: PlanOptions): Points {
  const { generators, runs, resolution } = options;
  if (generators) return twoLevelPoints(factors, fraction(factors.length, generators), options);
  if (runs !== undefined) return twoLevelPoints(factors, minimumAberration(factors.length, runs), options);
  return twoLevelPoints(factors, smallestOfResolution(factors.length, resolution ?? 4), options);
}

function twoLevelPoints(factors: readonly Factor[], design: Fraction, options: PlanOptions): Points {
  const { blocks = 1 } = options;
  const blocking = blocks > 1 ? blocked(design, bestBlockGenerators(design, blocks)) : undefined;
  const cube = planned(twoLevels(factors, fractionRuns(design)), 'factorial').map((run, index) => ({ ...run, block: (blocking?.blockOfRun[index] ?? 0) + 1 }));
  const image = options.foldOver ? planned(twoLevels(factors, foldOver(design)), 'factorial', blocks + 1) : [];
  const { blockOfRun: _, ...shown } = blocking ?? { blockOfRun: undefined };
  return { runs: [...cube, ...image, ...centre(factors, options)], aliases: aliasStructure(options.foldOver ? withMirrorImage(design) : design), ...(blocking && { blocking: shown as Omit<Blocking, 'blockOfRun'> }) };
}

function screeningPoints(factors: readonly Factor[], options: PlanOptions): Points {
  const points = plackettBurman(factors.length, options.runs);
  const image = options.foldOver ? planned(twoLevels(factors, mirrored(points)), 'screening', 2) : [];
  return { runs: [...planned(twoLevels(factors, points), 'screening'), ...image, ...centre(factors, options)] };
}

function compositePoints(factors: readonly Factor[], { alpha = 'rotatable', centrePoints: wanted, blocks = 1, generators, inscribed }: PlanOptions): Points {
  demandContinuous(factors, 'central-composite');
  const all = wanted ?? 6;
  const inCube = blocks > 1 ? Math.ceil(all / 2) : all;
  const design = centralComposite({
    factors: factors.length, alpha, blocks: blocks > 1, centreInFactorialBlock: inCube, centreInAxialBlock: all - inCube,
    ...(generators && { generators }), ...(inscribed !== undefined && { inscribed }),
  });
  return { runs: design.runs, alpha: design.alpha };
}

function* latinPoints(factors: readonly Factor[], { runs = 10 * factors.length, exchanges }: PlanOptions, seed: number): Search<Points> {
  demandContinuous(factors, 'latin-hypercube');
  const { points, minimumDistance, phi15, exchangesTried } = yield* maximinLatinHypercube({ runs, factors: factors.length, seed, ...(exchanges !== undefined && { exchanges }) });
  const codes = points.map((point) => point.map((share) => 2 * share - 1));
  return { runs: planned(codes, 'space-filling'), search: { minimumDistance, phi15, exchangesTried } };
}

function* optimalPoints(factors: readonly Factor[], { model = defaultModel(factors), runs, constraints, starts, keepRuns }: PlanOptions, seed: number, kept: readonly Settings[]): Search<Points> {
  const terms = modelTerms(model, factors);
  if (runs === undefined) throw new DesignRefused('run-count', `Say how many runs the D-optimal design may have; this model needs at least ${terms.length}.`);
  const { runs: points, ...search } = yield* dOptimal({ factors, terms, runs, seed, ...(keepRuns && { fixed: kept }), ...(constraints && { constraints }), ...(starts !== undefined && { starts }) });
  return { runs: planned(points, 'optimal'), search, ...(keepRuns && { kept: kept.length }) };
}

function blendPoints(factors: readonly Factor[], kind: DesignKind, { degree = 2, interior }: PlanOptions): Points {
  const other = factors.find((factor) => factor.kind !== 'mixture');
  if (other) throw new DesignRefused('mixture', `${other.name} is no share of the mixture; a simplex design takes mixture factors alone. Use a D-optimal design for both.`);
  const upper = factors.find(({ high = 1 }, index) => high < 1 - factors.reduce((sum, { low = 0 }, at) => (at === index ? sum : sum + low), 0) - 1e-9);
  if (upper) throw new DesignRefused('mixture', `The upper bound of ${upper.name} cuts the simplex; use a D-optimal design.`);
  const count = factors.length;
  const blends = [...(kind === 'simplex-lattice' ? simplexLattice(count, degree) : simplexCentroid(count)), ...(interior ? [...axialBlends(count), overallCentroid(count)] : [])];
  return { runs: planned(blends.map((blend) => fromPseudoComponents(blend, factors.map(({ low = 0 }) => low))), 'blend') };
}

function defaultModel(factors: readonly Factor[]): Preset {
  return factors.some(({ kind }) => kind === 'mixture') ? 'scheffe-quadratic' : 'quadratic';
}

/** A factor of two levels of its own takes the first for −1 and the last for +1. */
function twoLevels(factors: readonly Factor[], points: readonly (readonly number[])[]): Setting[][] {
  const several = factors.find((factor) => factor.kind === 'mixture' || (factor.kind === 'categorical' && categoryLevels(factor).length !== 2));
  if (several) throw new DesignRefused('levels', `${several.name} does not have two levels; two-level designs take numeric factors and categorical ones with two levels.`);
  return points.map((point) => point.map((code, index) => (factors[index]!.kind === 'categorical' ? categoryLevels(factors[index]!)[code < 0 ? 0 : 1]! : code)));
}

function centre(factors: readonly Factor[], { centrePoints: count = 0 }: PlanOptions): PlannedRun[] {
  if (count === 0) return [];
  const stuck = factors.find((factor) => codedLevels(factor) && !codedLevels(factor)!.includes(0));
  if (stuck) throw new DesignRefused('centre', `${stuck.name} has no level in the middle, so there are no centre points; leave them out.`);
  return centrePoints(count, factors.length);
}

function demandContinuous(factors: readonly Factor[], kind: DesignKind): void {
  const other = factors.find((factor) => factor.kind !== 'continuous');
  if (other) throw new DesignRefused('continuous', `${other.name} is ${other.kind}; a ${kind} design sets every factor to values in between. Use a full factorial or a D-optimal design.`);
}
