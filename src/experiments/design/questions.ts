import { type Factor, naturalRun, type Setting, type Settings } from '../factors.js';
import { modelMatrix, modelOf } from '../model-matrix.js';
import { type ModelName, modelTerms, parseTerm, presetTerms, type Term, termText } from '../terms.js';
import { separatingRuns } from './added-runs.js';
import type { LinearConstraint } from './constraints.js';
import { estimability } from './estimable.js';
import { correlations, type DesignProperties, designProperties } from './evaluation.js';
import { type DesignLimits, designLimits } from './limits.js';
import { type LostRunReport, lostRuns } from './lost-runs.js';
import { modelsFor } from './models-for.js';
import { type PowerOptions, type TermPower, termPowers } from './power.js';
import { Region } from './region.js';

/** What is asked about some runs. Plain data: it travels to worker threads as it is. */
export interface DesignQuestion {
  factors: readonly Factor[];
  /** The largest preset that the runs can estimate unless given. */
  model?: ModelName | undefined;
  /** Coded settings. */
  runs: readonly Settings[];
  constraints?: readonly LinearConstraint[];
}

export interface PropertiesQuestion extends DesignQuestion {
  power?: PowerOptions;
}

export interface PropertiesAnswer {
  model: string[];
  properties: DesignProperties;
  /** By columns; null for a constant one. */
  correlations: (number | null)[][];
  /** Null where no effect was named. */
  powers: TermPower[] | null;
}

export function propertiesOf({ factors, model, runs, constraints = [], power }: PropertiesQuestion): PropertiesAnswer {
  const terms = termsOf(model, factors, runs);
  const properties = designProperties(factors, terms, runs, new Region(factors, constraints));
  const table = correlations(modelMatrix(modelOf(factors, terms, 'sum'), runs));
  return { model: terms.map(termText), properties, correlations: table, powers: power ? termPowers(factors, terms, runs, power) : null };
}

export interface LimitsQuestion extends DesignQuestion {
  power?: PowerOptions;
  threshold?: number;
}

export interface LimitsAnswer extends DesignLimits {
  model: string[];
}

export function limitsOf({ factors, model, runs, power, threshold }: LimitsQuestion): LimitsAnswer {
  const terms = termsOf(model, factors, runs);
  const limits = designLimits(factors, terms, runs, { effectOverSigma: 1, ...power, ...(threshold !== undefined && { threshold }) });
  return { model: terms.map(termText), ...limits, powers: power ? limits.powers : null };
}

export interface SeparationQuestion extends DesignQuestion {
  /** Two terms in their text form. */
  pair: readonly string[];
  spare?: number;
}

export interface SeparationAnswer {
  model: string[];
  /** Natural settings of the runs to be added; none where the pair is told apart already. */
  added: Setting[][];
  relativeStandardErrors: [number, number];
}

export function separationOf({ factors, model, runs, constraints = [], pair, spare = 0 }: SeparationQuestion): SeparationAnswer {
  const terms = termsOf(model, factors, runs);
  const [first, second] = pair.map((text) => parseTerm(text, factors));
  const { added, relativeStandardErrors } = separatingRuns(factors, terms, runs, [first!, second!], { spare, region: new Region(factors, constraints) });
  return { model: terms.map(termText), added: added.map((run) => naturalRun(factors, run)), relativeStandardErrors };
}

export interface RepairQuestion extends DesignQuestion {
  /** Indices of the runs that gave nothing. */
  lost: readonly number[];
}

export interface RepairAnswer extends LostRunReport {
  model: string[];
}

/** The settings of the replacement are natural. */
export function repairOf({ factors, model, runs, constraints = [], lost }: RepairQuestion): RepairAnswer {
  const terms = termsOf(model, factors, runs);
  const report = lostRuns(factors, terms, runs, lost, new Region(factors, constraints));
  return { ...report, model: terms.map(termText), replacement: { ...report.replacement, settings: naturalRun(factors, report.replacement.settings) } };
}

function termsOf(model: ModelName | undefined, factors: readonly Factor[], runs: readonly Settings[]): Term[] {
  if (model !== undefined) return modelTerms(model, factors);
  const presets = modelsFor(factors).map((preset) => presetTerms(preset, factors));
  return presets.find((terms) => terms.length <= runs.length && estimability(factors, terms, runs).notEstimable.length === 0) ?? presets.at(-1)!;
}
