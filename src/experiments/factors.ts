import { FactorRefused, SettingRefused } from './factors.errors.js';

export type FactorKind = 'continuous' | 'discrete' | 'categorical' | 'mixture';

/** One value of one factor in one run: a number, or the level of a categorical factor. */
export type Setting = number | string;

/** The settings of one run in the order of the factors. */
export type Settings = readonly Setting[];

/** What is varied on purpose. Plain data: it travels to worker threads and into the database as it is. */
export interface Factor {
  /** Unique in the experiment, without `:`, `^`, `[`, `]` and white space at its ends, and not `1`: terms are written with it. */
  name: string;
  kind: FactorKind;
  /** Natural value that is coded −1; of a mixture component its least share (0 if absent). */
  low?: number;
  /** Natural value that is coded +1; of a mixture component its largest share (1 if absent). */
  high?: number;
  /** Natural value that is coded 0 where that is not the midpoint. Either side of it is then coded by a scale of its own. */
  centre?: number;
  /** Numbers, rising, of a discrete factor; names of a categorical one, the first being the reference level. */
  levels?: readonly Setting[];
  unit?: string;
}

/** Refuses factors that say nothing, contradict themselves, or could not be told apart. */
export function checkFactors(factors: readonly Factor[]): void {
  if (factors.length === 0) throw new FactorRefused('missing', 'An experiment needs at least one factor.');
  const names = new Set<string>();
  for (const factor of factors) {
    checkName(factor.name);
    if (names.has(factor.name)) throw new FactorRefused('name-taken', `Two factors are called ${factor.name}; give each a name of its own.`);
    names.add(factor.name);
    if (factor.kind === 'categorical') checkNames(factor);
    else if (factor.kind === 'discrete') checkNumbers(factor);
    else checkRange(factor);
  }
}

/** The number that a model sees for a natural value: −1 at low, +1 at high; a mixture share stays as it is. */
export function coded(factor: Factor, value: Setting): Setting {
  if (factor.kind === 'categorical') return levelOf(factor, value);
  const number = numberOf(factor, value);
  if (factor.kind === 'mixture') return number;
  const { low, centre, high } = scale(factor);
  return number < centre ? (number - centre) / (centre - low) : (number - centre) / (high - centre);
}

/** The natural value of a coded one; of a discrete factor the nearest level. */
export function natural(factor: Factor, code: Setting): Setting {
  if (factor.kind === 'categorical') return levelOf(factor, code);
  const number = numberOf(factor, code);
  if (factor.kind === 'mixture') return number;
  const { low, centre, high } = scale(factor);
  const value = number < 0 ? centre + number * (centre - low) : centre + number * (high - centre);
  return factor.kind === 'discrete' ? nearest(numericLevels(factor), value) : value;
}

export function codedRun(factors: readonly Factor[], run: Settings): Setting[] {
  checkLength(factors, run);
  return factors.map((factor, index) => coded(factor, run[index]!));
}

export function naturalRun(factors: readonly Factor[], run: Settings): Setting[] {
  checkLength(factors, run);
  return factors.map((factor, index) => natural(factor, run[index]!));
}

/** All coded values that a factor may take, or undefined where it takes any between −1 and 1. */
export function codedLevels(factor: Factor): Setting[] | undefined {
  if (factor.kind === 'categorical') return [...categoryLevels(factor)];
  if (factor.kind === 'discrete') return numericLevels(factor).map((level) => coded(factor, level));
  return undefined;
}

/** Names of the levels of a categorical factor. */
export function categoryLevels(factor: Factor): string[] {
  return (factor.levels ?? []).map(String);
}

/** Least and largest share of a mixture component. */
export function shareBounds(factor: Factor): { low: number; high: number } {
  return { low: factor.low ?? 0, high: factor.high ?? 1 };
}

/** Natural values that are coded −1, 0 and +1; not for categorical factors and mixture shares. */
export function scale(factor: Factor): { low: number; centre: number; high: number } {
  const levels = factor.kind === 'discrete' ? numericLevels(factor) : [];
  const low = factor.low ?? levels[0]!;
  const high = factor.high ?? levels.at(-1)!;
  return { low, high, centre: factor.centre ?? low + (high - low) / 2 };
}

function numericLevels(factor: Factor): number[] {
  return (factor.levels ?? []).map(Number);
}

function nearest(levels: readonly number[], value: number): number {
  return levels.reduce((best, level) => (Math.abs(level - value) < Math.abs(best - value) ? level : best));
}

function levelOf(factor: Factor, value: Setting): string {
  const name = String(value);
  if (categoryLevels(factor).includes(name)) return name;
  throw new SettingRefused('unknown-level', `${factor.name} has no level ${name}; its levels are ${categoryLevels(factor).join(', ')}.`);
}

function numberOf(factor: Factor, value: Setting): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new SettingRefused('not-a-number', `${factor.name} takes finite numbers, not ${String(value)}.`);
}

function checkLength(factors: readonly Factor[], run: Settings): void {
  if (run.length === factors.length) return;
  throw new SettingRefused('count', `A run sets ${factors.length} factors (${factors.map(({ name }) => name).join(', ')}); this one sets ${run.length}.`);
}

function checkName(name: string): void {
  if (name !== '' && name !== '1' && name.trim() === name && !/[:^[\]]/.test(name)) return;
  throw new FactorRefused('name', `${JSON.stringify(name)} cannot name a factor: leave out ":", "^", "[", "]" and outer blanks, and do not use "1".`);
}

function checkNames(factor: Factor): void {
  const levels = categoryLevels(factor);
  checkSeveral(factor, levels);
  if (levels.some((level) => level.trim() === '')) throw new FactorRefused('level-empty', `Give every level of ${factor.name} a name.`);
}

function checkNumbers(factor: Factor): void {
  const levels = factor.levels ?? [];
  if (!levels.every((level) => typeof level === 'number' && Number.isFinite(level))) {
    throw new FactorRefused('not-finite', `The levels of ${factor.name} must be finite numbers; for names make it categorical.`);
  }
  checkSeveral(factor, levels);
  if (levels.some((level, index) => index > 0 && level <= levels[index - 1]!)) {
    throw new FactorRefused('levels-unordered', `Write the levels of ${factor.name} in rising order.`);
  }
  if (factor.low !== undefined || factor.high !== undefined || factor.centre !== undefined) checkBounds(factor, scale(factor));
}

function checkSeveral(factor: Factor, levels: readonly Setting[]): void {
  if (levels.length === 0) throw new FactorRefused('levels-missing', `Give ${factor.name} its levels.`);
  if (levels.length === 1) throw new FactorRefused('one-level', `${factor.name} has one level: a factor that never changes has no effect to find. Add a level, or leave it out.`);
  if (new Set(levels).size < levels.length) throw new FactorRefused('level-repeated', `A level of ${factor.name} is listed twice.`);
}

function checkRange(factor: Factor): void {
  if (factor.kind === 'mixture') {
    const { low, high } = shareBounds(factor);
    checkBounds(factor, { low, high, centre: low + (high - low) / 2 });
    if (low < 0 || high > 1) throw new FactorRefused('share', `${factor.name} is a share of a mixture: its bounds lie between 0 and 1.`);
    return;
  }
  if (factor.low === undefined || factor.high === undefined) throw new FactorRefused('range-missing', `Give ${factor.name} a low and a high value.`);
  checkBounds(factor, scale(factor));
}

function checkBounds(factor: Factor, { low, centre, high }: { low: number; centre: number; high: number }): void {
  if (![low, centre, high, high - low].every(Number.isFinite)) throw new FactorRefused('not-finite', `The range of ${factor.name} must be finite numbers.`);
  if (low === high) throw new FactorRefused('constant', `Low and high of ${factor.name} are both ${low}: a factor that never changes has no effect to find.`);
  if (low > high) throw new FactorRefused('range-reversed', `Low of ${factor.name} (${low}) is above its high (${high}); exchange them.`);
  if (centre <= low || centre >= high) throw new FactorRefused('centre', `The centre of ${factor.name} must lie between ${low} and ${high}.`);
}
