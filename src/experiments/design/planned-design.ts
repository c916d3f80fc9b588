import { codedRun, type Factor, type Settings } from '../factors.js';
import { modelOf } from '../model-matrix.js';
import { type ModelName, modelTerms, termText } from '../terms.js';
import type { LinearConstraint } from './constraints.js';
import { DesignRefused } from './design.errors.js';
import { type DesignProperties, designProperties } from './evaluation.js';
import { modelsFor } from './models-for.js';
import { type DesignKind, type Plan, planOf, type PlanOptions } from './plan.js';
import { Region } from './region.js';

export interface PlanRequest {
  factors: readonly Factor[];
  kind: DesignKind;
  options: PlanOptions;
  seed: number;
  /** Coded settings of the runs that are there already. */
  kept: readonly Settings[];
  /** After so long the search is to end with the best that it has. */
  seconds?: number | undefined;
}

export interface PlannedDesign extends Plan {
  /** Its search was ended before its end. */
  stopped?: 'time-limit';
  properties: PropertySummary | null;
}

/** The properties that designs are compared by; those of single runs and terms are told when they are asked for. */
export interface PropertySummary extends Omit<DesignProperties, 'columns' | 'leverage'> {
  /** The largest model that the design can estimate, or the one that it was made for. */
  model: string[];
  largestVif: number | null;
}

/** Columns times columns times runs: seconds beyond it. */
const MOST_WORK = 2e9;

/** @param isOver Told how far the search is; whether it is to end with the best it has. */
export function plannedDesign({ factors, kind, options, seed, kept, seconds = Infinity }: PlanRequest, isOver: (done: number, best: number) => boolean): PlannedDesign {
  const search = planOf(factors, kind, options, seed, kept);
  const began = performance.now();
  let stopped = false;
  let step = search.next();
  while (!step.done) {
    stopped = isOver(step.value.done, step.value.best) || performance.now() - began > seconds * 1000;
    step = search.next(stopped ? 'stop' : undefined);
  }
  const plan = step.value;
  const runs = [...(options.keepRuns ? kept : []), ...plan.runs.map(({ settings }) => codedRun(factors, settings))];
  return { ...plan, ...(stopped && { stopped: 'time-limit' }), properties: summaryOf(factors, runs, options) };
}

function summaryOf(factors: readonly Factor[], runs: readonly Settings[], { model, constraints }: PlanOptions): PropertySummary | null {
  for (const name of model ? [model] : modelsFor(factors)) {
    const found = summaryFor(factors, runs, name, constraints);
    if (found) return found;
  }
  return null;
}

/** Nothing for a model that the runs cannot estimate. */
function summaryFor(factors: readonly Factor[], runs: readonly Settings[], name: ModelName, constraints: readonly LinearConstraint[] = []): PropertySummary | undefined {
  const terms = modelTerms(name, factors);
  const parameters = modelOf(factors, terms, 'sum').columns.length;
  if (parameters > runs.length || runs.length * parameters ** 2 > MOST_WORK) return undefined;
  try {
    const { columns, leverage: _, ...properties } = designProperties(factors, terms, runs, new Region(factors, constraints));
    const inflations = columns.flatMap(({ vif }) => (vif === null ? [] : [vif]));
    return { ...properties, model: terms.map(termText), largestVif: inflations.length === 0 ? null : Math.max(...inflations) };
  } catch (error) {
    if (error instanceof DesignRefused) return undefined;
    throw error;
  }
}
