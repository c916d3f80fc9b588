import { type Factor, type Setting, type Settings, shareBounds } from '../factors.js';
import { DesignRefused } from './design.errors.js';

/** A bound on a weighted sum of numeric factors in natural units, such as `2 time + temperature ≤ 300`. */
export interface LinearConstraint {
  /** Weight of each factor that takes part. */
  coefficients: Record<string, number>;
  atLeast?: number;
  atMost?: number;
}

/** All coded points with `normal · point ≤ bound`; categorical factors have weight 0. */
export interface HalfSpace {
  normal: readonly number[];
  bound: number;
}

/** Rounding that a point on a bound may have. */
export const SLACK = 1e-9;

/** The constraints in coded units; throws `DesignRefused` for those that name no numeric factor or bound nothing. */
export function halfSpaces(factors: readonly Factor[], constraints: readonly LinearConstraint[]): HalfSpace[] {
  return constraints.flatMap((constraint) => {
    checkConstraint(factors, constraint);
    const scales = factors.map((factor) => ({ weight: constraint.coefficients[factor.name] ?? 0, ...linearScale(factor) }));
    const normal = scales.map(({ weight, halfRange }) => weight * halfRange);
    const offset = scales.reduce((sum, { weight, midpoint }) => sum + weight * midpoint, 0);
    const upper = constraint.atMost === undefined ? [] : [{ normal, bound: constraint.atMost - offset }];
    const lower = constraint.atLeast === undefined ? [] : [{ normal: normal.map((weight) => -weight), bound: offset - constraint.atLeast }];
    return [...upper, ...lower].map(scaled);
  });
}

/** Least and largest coded value of a numeric factor. */
export function codedBounds(factor: Factor): { low: number; high: number } {
  return factor.kind === 'mixture' ? shareBounds(factor) : { low: -1, high: 1 };
}

export function dot(normal: readonly number[], settings: Settings): number {
  return normal.reduce((sum, weight, index) => (weight === 0 ? sum : sum + weight * numeric(settings[index])), 0);
}

export function within(spaces: readonly HalfSpace[], settings: Settings): boolean {
  return spaces.every(({ normal, bound }) => dot(normal, settings) <= bound + SLACK);
}

export function numeric(setting: Setting | undefined): number {
  return typeof setting === 'number' ? setting : NaN;
}

/** To a normal of length one, so that the slack means the same everywhere. */
function scaled({ normal, bound }: HalfSpace): HalfSpace {
  const size = Math.hypot(...normal);
  return { normal: normal.map((weight) => weight / size), bound: bound / size };
}

function linearScale(factor: Factor): { midpoint: number; halfRange: number } {
  if (factor.kind === 'categorical' || factor.kind === 'mixture') return { midpoint: 0, halfRange: 1 };
  const low = factor.low ?? Number(factor.levels![0]);
  const high = factor.high ?? Number(factor.levels!.at(-1));
  return { midpoint: low + (high - low) / 2, halfRange: (high - low) / 2 };
}

function checkConstraint(factors: readonly Factor[], { coefficients, atLeast, atMost }: LinearConstraint): void {
  const bounds = [atLeast, atMost].filter((bound) => bound !== undefined);
  if (bounds.length === 0) throw new DesignRefused('constraint-unbounded', 'Give every constraint a bound: atLeast, atMost or both.');
  if (![...bounds, ...Object.values(coefficients)].every(Number.isFinite)) throw new DesignRefused('constraint-not-finite', 'Bounds and coefficients of constraints must be finite numbers.');
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) throw new DesignRefused('no-feasible-point', `A constraint wants at least ${atLeast} and at most ${atMost}; no point has both.`);
  if (Object.values(coefficients).every((weight) => weight === 0)) throw new DesignRefused('constraint-empty', 'A constraint needs a factor with a coefficient other than 0.');
  for (const name of Object.keys(coefficients)) checkConstrained(factors.find((factor) => factor.name === name), name);
}

function checkConstrained(factor: Factor | undefined, name: string): void {
  if (!factor) throw new DesignRefused('constraint-unknown-factor', `A constraint names ${name}, which is no factor of this experiment.`);
  if (factor.kind === 'categorical') throw new DesignRefused('constraint-categorical', `${name} is categorical and cannot stand in a sum; constrain numeric factors.`);
  if (factor.centre !== undefined) throw new DesignRefused('constraint-centre', `${name} has a centre of its own, so that a straight bound is bent in coded units; leave its centre out.`);
}
