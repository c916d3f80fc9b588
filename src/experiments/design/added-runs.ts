import type { Factor, Setting, Settings } from '../factors.js';
import { type Model, modelMatrix, modelOf } from '../model-matrix.js';
import { type Term, termKey, termText } from '../terms.js';
import { DesignRefused } from './design.errors.js';
import { estimability } from './estimable.js';
import { ExchangeState } from './exchange-state.js';
import { informationOf } from './information.js';
import { SeededChance } from './random-order.js';
import { Region } from './region.js';

/** Runs that tell two aliased terms apart. */
export interface Separation {
  /** Coded settings to be added; empty where the design separates the pair already. */
  added: Setting[][];
  /** Standard errors of the two coefficients afterwards, for an error standard deviation of 1. */
  relativeStandardErrors: [number, number];
}

const MOST_CANDIDATES = 3000;
const RIDGE = 1e-6;

/**
 * Adds the run that leaves the least variance to both terms, and again until both can be estimated in the model with the pair
 * in it. Runs that cost alike are counted: a greedy search, so that for several runs a cheaper set may exist.
 * @param spare Runs added beyond what is needed, for precision.
 */
export function separatingRuns(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[], pair: readonly [Term, Term], options: { spare?: number; region?: Region } = {}): Separation {
  const { spare = 0, region = new Region(factors) } = options;
  if (termKey(pair[0]) === termKey(pair[1])) throw new DesignRefused('pair', `${termText(pair[0])} is named twice; name two different terms.`);
  const wider = withPair(terms, pair);
  const model = modelOf(factors, wider, 'sum');
  const places = pair.map((term) => columnsOfTerm(model, wider.findIndex((other) => termKey(other) === termKey(term)))).flat();
  const candidates = candidatesOf(region, model);
  const added: Setting[][] = [];
  const state = new ExchangeState(runs.map((run) => Float64Array.from(model.row(run))), model.columns.length, RIDGE);
  let missing = !separated(factors, wider, [...runs, ...added], pair);
  for (let left = spare; missing || left > 0;) {
    if (!missing) left -= 1;
    if (added.length > model.columns.length + spare) throw new DesignRefused('inseparable', `No runs in this region can tell ${termText(pair[0])} from ${termText(pair[1])}; widen the ranges or add levels.`);
    const best = bestFor(state, places, candidates);
    added.push([...best.settings]);
    state.add(best.row);
    missing = !separated(factors, wider, [...runs, ...added], pair);
  }
  return { added, relativeStandardErrors: standardErrors(factors, wider, [...runs, ...added], pair) };
}

interface Candidate {
  settings: readonly Setting[];
  row: Float64Array;
}

export function candidatesOf(region: Region, model: Model): Candidate[] {
  const grid = region.grid(MOST_CANDIDATES, [3, 2]);
  const chance = new SeededChance(1);
  const corners = region.cornerPoints(MOST_CANDIDATES);
  const points = grid.length + corners.length > 0 ? [...corners, ...grid] : Array.from({ length: MOST_CANDIDATES }, () => region.sample(chance));
  return points.map((settings) => ({ settings, row: Float64Array.from(model.row(settings)) }));
}

/** The candidate after which the variances of the coefficients at these places add up to least (Sherman and Morrison). */
function bestFor(state: ExchangeState, places: readonly number[], candidates: readonly Candidate[]): Candidate {
  const units = places.map((place) => state.solved(Float64Array.from(state.rows[0]!, (_, index) => (index === place ? 1 : 0))));
  const gain = ({ row }: Candidate): number => {
    const variance = state.variance(row);
    return units.reduce((sum, unit) => sum + unit.reduce((dot, value, index) => dot + value * row[index]!, 0) ** 2, 0) / (1 + variance);
  };
  return candidates.map((candidate) => ({ candidate, gain: gain(candidate) })).reduce((a, b) => (b.gain > a.gain * (1 + 1e-9) ? b : a)).candidate;
}

function withPair(terms: readonly Term[], pair: readonly Term[]): Term[] {
  const known = new Set(terms.map(termKey));
  return [...terms, ...pair.filter((term) => !known.has(termKey(term)))];
}

function separated(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[], pair: readonly Term[]): boolean {
  const { estimable } = estimability(factors, terms, runs);
  return pair.every((term) => estimable.includes(termText(terms.find((other) => termKey(other) === termKey(term))!)));
}

/** In the largest part of the model that the runs can estimate: what they cannot does not touch the pair. */
function standardErrors(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[], pair: readonly [Term, Term]): [number, number] {
  const kept = keptTerms(factors, terms, runs);
  const model = modelOf(factors, kept, 'sum');
  const { inverse } = informationOf(modelMatrix(model, runs), model.columns);
  const error = (term: Term): number => Math.sqrt(Math.max(...columnsOfTerm(model, kept.findIndex((other) => termKey(other) === termKey(term))).map((column) => inverse[column]![column]!)));
  return [error(pair[0]), error(pair[1])];
}

function keptTerms(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[]): Term[] {
  return terms.reduce<Term[]>((kept, term) => {
    const { rank, parameters } = estimability(factors, [...kept, term], runs);
    return rank === parameters ? [...kept, term] : kept;
  }, []);
}

function columnsOfTerm(model: Model, term: number): number[] {
  return [...model.columns.keys()].filter((column) => model.columns[column]!.term === term);
}
