import { categoryLevels, coded, type Factor, scale, type Setting, type Settings } from '../factors.js';
import { SettingRefused, TermRefused } from '../factors.errors.js';
import type { Contrasts, ModelColumn } from '../model-matrix.js';
import { type Term, termText } from '../terms.js';
import { add, divide, type DoubleDouble, fromDecimal, fromNumber, multiply, power, subtract } from './double-double.js';
import { DoubleDoubleVector } from './double-double-vector.js';

/** Whether terms mean coded values (−1 at low, +1 at high) or the natural ones. */
export type Units = 'coded' | 'natural';

export interface ModelSpec {
  factors: readonly Factor[];
  terms: readonly Term[];
  /** `coded` if absent. */
  units?: Units;
  /** `treatment` if absent. */
  contrasts?: Contrasts;
}

interface Part {
  label: string;
  /** Of a run whose settings are made ready: numbers in the units of the model, levels as they are. */
  value(ready: readonly (DoubleDouble | string)[]): DoubleDouble;
}

interface Column extends ModelColumn {
  parts: readonly Part[];
}

/**
 * The model matrix in double-double, from natural settings as they were written in decimals: coding, powers and products lose
 * nothing that the least squares after it would need.
 */
export class ExactModel {
  readonly columns: readonly ModelColumn[];
  private readonly built: readonly Column[];
  private readonly readers: readonly ((value: Setting) => DoubleDouble | string)[];

  constructor(readonly spec: ModelSpec) {
    const used = new Set(spec.terms.flatMap(({ parts }) => parts.map(({ factor }) => factor)));
    this.readers = spec.factors.map((factor) => (used.has(factor.name) ? readerOf(factor, spec.units) : String));
    this.built = spec.terms.flatMap((term, index) => columnsOf(spec, term, index));
    this.columns = this.built.map(({ name, term }) => ({ name, term }));
  }

  /** One row for a run in natural settings. */
  row(settings: Settings): DoubleDouble[] {
    const ready = this.readers.map((read, at) => read(settings[at]!));
    return this.built.map(({ name, parts }) => {
      const value = parts.reduce((product, part) => multiply(product, part.value(ready)), fromNumber(1));
      if (Number.isFinite(value.hi) && Number.isFinite(value.lo)) return value;
      throw new SettingRefused('not-finite', `These settings give no finite number for ${name}; check them.`);
    });
  }

  matrix(runs: readonly Settings[]): DoubleDoubleVector[] {
    const columns = this.built.map(() => new DoubleDoubleVector(runs.length));
    runs.forEach((run, index) => this.row(run).forEach((value, column) => columns[column]!.set(index, value)));
    return columns;
  }
}

function columnsOf(spec: ModelSpec, term: Term, index: number): Column[] {
  const choices = term.parts.map(({ factor, power: exponent }) => {
    const at = spec.factors.findIndex(({ name }) => name === factor);
    if (at < 0) throw new TermRefused('unknown-factor', `The term ${termText(term)} names ${factor}, which is no factor of this experiment.`);
    const found = spec.factors[at]!;
    return found.kind === 'categorical' ? categoryParts(found, at, spec.contrasts) : [numericPart(factor, at, exponent)];
  });
  // The first part varies fastest, as in R.
  const combined = choices.reduce<Part[][]>((found, parts) => parts.flatMap((part) => found.map((rest) => [...rest, part])), [[]]);
  return combined.map((parts) => ({ name: parts.map(({ label }) => label).join(':') || '1', term: index, parts }));
}

function readerOf(factor: Factor, units: Units = 'coded'): (value: Setting) => DoubleDouble | string {
  if (factor.kind === 'categorical') return (value) => String(coded(factor, value));
  const exact = units === 'coded' && factor.kind !== 'mixture' ? exactCode(factor) : fromDecimal;
  return (value) => exact(numberOf(factor, value));
}

function numericPart(factor: string, at: number, exponent: number): Part {
  return { label: exponent === 1 ? factor : `${factor}^${exponent}`, value: (ready) => power(ready[at] as DoubleDouble, exponent) };
}

function exactCode(factor: Factor): (value: number) => DoubleDouble {
  const { low, centre, high } = scale(factor);
  const middle = middleOf(factor, low, centre, high);
  const below = subtract(middle, fromDecimal(low));
  const above = subtract(fromDecimal(high), middle);
  return (value) => divide(subtract(fromDecimal(value), middle), value < centre ? below : above);
}

/** A declared centre is a decimal; the midpoint of two decimals may be none that a double can hold. */
function middleOf(factor: Factor, low: number, centre: number, high: number): DoubleDouble {
  if (factor.centre !== undefined) return fromDecimal(centre);
  return multiply(add(fromDecimal(low), fromDecimal(high)), fromNumber(0.5));
}

function categoryParts(factor: Factor, at: number, contrasts: Contrasts = 'treatment'): Part[] {
  const levels = categoryLevels(factor);
  const last = levels.at(-1)!;
  const named = contrasts === 'treatment' ? levels.slice(1) : levels.slice(0, -1);
  return named.map((level) => ({
    label: `${factor.name}[${level}]`,
    value: (ready) => {
      if (ready[at] === level) return fromNumber(1);
      return fromNumber(contrasts === 'sum' && ready[at] === last ? -1 : 0);
    },
  }));
}

function numberOf(factor: Factor, value: Setting): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new SettingRefused('not-a-number', `${factor.name} takes finite numbers, not ${String(value)}.`);
}
