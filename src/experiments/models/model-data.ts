import type { Factor, Setting } from '../factors.js';
import { FitRefused } from '../analysis/analysis.errors.js';
import { sha256 } from '../../platform/crypto/hashes.js';
import { factorOf, type Parameter } from '../parameters/parameter.entity.js';
import type { Response } from '../responses/response.entity.js';
import { parseTerms } from '../terms.js';
import { type Candidate, candidates } from './candidates.js';
import type { LeftOut, ModelData, ModelRow, ModelSpec } from './figures.js';
import type { ModelSources } from './model-sources.js';

const NO_BLOCK = 'none';

/** The rows of a fit, in the order of runs, free observations and published values, and what was left out. */
export function modelData(sources: ModelSources, response: Response, spec: ModelSpec): ModelData {
  const { found, leftOut } = candidates(sources, response.id, spec);
  const parameters = parametersFor(sources.parameters, spec, found);
  const whole = found.filter(({ settings }) => parameters.every(({ id }) => Object.hasOwn(settings, id)));
  const broken = found.filter((one) => !whole.includes(one));
  const block = spec.block === null ? null : blockFactor(spec.block, whole);
  return {
    response: { id: response.id, name: response.name, unit: response.unit },
    factors: [...parameters.map((parameter) => factorOf(parameter)), ...(block ? [block] : [])],
    parameterIds: [...parameters.map(({ id }) => id), ...(block ? [null] : [])],
    rows: whole.map((one) => rowOf(one, parameters, block)),
    leftOut: [...leftOut, ...missing(broken)],
  };
}

/** Of the rows and of how factors are coded: as long as it is the same, a fit gives the same figures. Names do not matter. */
export function dataHash({ factors, parameterIds, rows }: ModelData): string {
  const coding = factors.map(({ kind, low, high, centre, levels }, index) => ({ id: parameterIds[index], kind, low, high, centre, levels }));
  return sha256(JSON.stringify({ coding, rows })).toString('hex');
}

/** Rows from before a parameter of the terms was added. */
function missing(rows: readonly Candidate[]): LeftOut[] {
  return rows.length === 0 ? [] : [{ reason: 'setting-missing', count: rows.length, runs: rows.flatMap(({ run }) => (run === null ? [] : [run])) }];
}

/** Those of the terms, and those that are known of every row: runs repeat only where all of these agree. */
function parametersFor(parameters: readonly Parameter[], { terms }: ModelSpec, found: readonly Candidate[]): Parameter[] {
  const factors: Factor[] = parameters.map((parameter) => factorOf(parameter));
  const named = new Set(parseTerms(terms, factors).flatMap(({ parts }) => parts.map(({ factor }) => factor)));
  return parameters.filter(({ id, name }) => named.has(name) || (found.length > 0 && found.every(({ settings }) => Object.hasOwn(settings, id))));
}

function blockFactor(name: string, rows: readonly Candidate[]): Factor {
  const numbers = [...new Set(rows.flatMap(({ block }) => (block === null ? [] : [block])))].sort((a, b) => a - b);
  const levels = [...numbers.map(String), ...(rows.some(({ block }) => block === null) ? [NO_BLOCK] : [])];
  if (levels.length < 2) throw new FitRefused('blocks', 'All rows lie in one block, so blocks explain nothing; fit without them, or give the runs their blocks.');
  return { name, kind: 'categorical', levels };
}

function rowOf({ source, runId, run, block, ids, settings, values, weight }: Candidate, parameters: readonly Parameter[], factor: Factor | null): ModelRow {
  const own = parameters.map(({ id }): Setting => settings[id]!);
  const value = values.length === 1 ? values[0]! : values.reduce((sum, one) => sum + one, 0) / values.length;
  return { source, runId, run, ids, settings: factor ? [...own, block === null ? NO_BLOCK : String(block)] : own, values, value, weight };
}
