import { categoryLevels, type Factor, type Settings } from './factors.js';
import { SettingRefused, TermRefused } from './factors.errors.js';
import { partText, type Term, termText } from './terms.js';

/**
 * How a categorical factor of L levels becomes L − 1 columns.
 * - `treatment`: 0/1 for each level but the first, as R's `contr.treatment`; columns are called `Block[B2]`.
 * - `sum`: 0/1 for each level but the last, which is −1 throughout, as R's `contr.sum`. Columns then add up to zero over the
 *   levels, which is what design properties and type III sums of squares want.
 */
export type Contrasts = 'treatment' | 'sum';

export interface ModelColumn {
  /** The term's text form, with the level in brackets where a factor is categorical: `A:Block[B2]`. */
  name: string;
  /** Index of its term: a categorical term has several columns. */
  term: number;
}

/** A column with what it is made of, for moments over the region. */
export interface FactoredColumn extends ModelColumn {
  /** The factors whose values are multiplied to give the column; `level` where one is categorical. */
  parts: readonly ColumnPart[];
}

export interface ColumnPart {
  factor: string;
  power: number;
  level?: string;
}

/** Terms made ready to turn any number of runs into rows. */
export interface Model {
  columns: readonly FactoredColumn[];
  row(settings: Settings): number[];
}

interface Column {
  column: FactoredColumn;
  parts: readonly Part[];
}
interface Part extends ColumnPart {
  value(settings: Settings): number;
}

/** Settings are taken as they are: pass coded runs for coefficients in coded units, natural ones for natural units. */
export function modelOf(factors: readonly Factor[], terms: readonly Term[], contrasts: Contrasts = 'treatment'): Model {
  const columns = terms.flatMap((term, index) => columnsOf(factors, term, index, contrasts));
  return {
    columns: columns.map(({ column }) => column),
    row: (settings) => columns.map(({ parts }) => parts.reduce((value, part) => value * part.value(settings), 1)),
  };
}

/** The matrix X: one row a run, one column a coefficient. Throws `SettingRefused` rather than let NaN or infinity in. */
export function modelMatrix(model: Model, runs: readonly Settings[]): number[][] {
  return runs.map((run, index) => {
    const row = model.row(run);
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new SettingRefused('not-finite', `Run ${index + 1} gives no finite number for ${model.columns[wrong]!.name}; check its settings.`);
    return row;
  });
}

function columnsOf(factors: readonly Factor[], term: Term, index: number, contrasts: Contrasts): Column[] {
  const choices = term.parts.map(({ factor, power }) => {
    const at = factors.findIndex(({ name }) => name === factor);
    if (at < 0) throw new TermRefused('unknown-factor', `The term ${termText(term)} names ${factor}, which is no factor of this experiment.`);
    return factors[at]!.kind === 'categorical' ? categoryParts(factors[at]!, at, contrasts) : [numericPart(at, factor, power)];
  });
  return combinations(choices).map((parts) => ({ column: { name: columnName(parts), term: index, parts: parts.map(plain) }, parts }));
}

function columnName(parts: readonly Part[]): string {
  return parts.map(({ factor, power, level }) => (level === undefined ? partText(factor, power) : `${factor}[${level}]`)).join(':') || '1';
}

function plain({ factor, power, level }: Part): ColumnPart {
  return level === undefined ? { factor, power } : { factor, power, level };
}

/** The first part varies fastest, as in R. */
function combinations(choices: readonly (readonly Part[])[]): Part[][] {
  return choices.reduce<Part[][]>((found, parts) => parts.flatMap((part) => found.map((rest) => [...rest, part])), [[]]);
}

function numericPart(at: number, factor: string, power: number): Part {
  return {
    factor,
    power,
    value: (settings) => {
      const value = settings[at];
      return typeof value === 'number' ? whole(value, power) : NaN;
    },
  };
}

/** By multiplication: `Math.pow` is not exact for powers of coded values on every platform. */
function whole(value: number, power: number): number {
  let result = value;
  for (let factor = 1; factor < power; factor += 1) result *= value;
  return result;
}

function categoryParts(factor: Factor, at: number, contrasts: Contrasts): Part[] {
  const levels = categoryLevels(factor);
  const named = contrasts === 'treatment' ? levels.slice(1) : levels.slice(0, -1);
  const known = new Set(levels);
  return named.map((level) => ({
    factor: factor.name,
    power: 1,
    level,
    value: (settings) => {
      const setting = String(settings[at]);
      return known.has(setting) ? contrastValue(levels, level, setting, contrasts) : NaN;
    },
  }));
}

/** What the column of `level` holds for a run at `setting`. */
export function contrastValue(levels: readonly string[], level: string, setting: string, contrasts: Contrasts): number {
  if (setting === level) return 1;
  return contrasts === 'sum' && setting === levels.at(-1) ? -1 : 0;
}
