import { codedLevels, type Factor, natural, type Setting, type Settings } from '../factors.js';
import { PredictionRefused } from './prediction.errors.js';
import { type Bounds, maximize } from './search.js';

/** Where to look for the best settings of the factors, in natural units. */
export interface SettingsSearch {
  readonly factors: readonly Factor[];
  readonly seed: number;
  /** Narrows numeric factors. */
  readonly region?: Readonly<Record<string, readonly [number, number]>>;
}

/** Each is a search of its own. */
const MOST_COMBINATIONS = 1000;

/**
 * The settings with the largest value, searched from many starts for every combination of levels of the categorical and
 * discrete factors. Mixture components are not searched: their shares are bound to each other.
 */
export function bestSettings({ factors, seed, region = {} }: SettingsSearch, value: (run: Settings) => number, onProgress?: (share: number) => void): Setting[] {
  const continuous = factors.filter(({ kind }) => kind === 'continuous');
  const bounds = continuous.map((factor) => boundsOf(factor, region[factor.name]));
  const combinations = levelCombinations(factors);
  const found = combinations.map((levels, index) => {
    const settings = (at: readonly number[]): Setting[] => factors.map((factor) => levels.get(factor.name) ?? at[continuous.indexOf(factor)]!);
    const report = onProgress && ((share: number): void => onProgress((index + share) / combinations.length));
    const best = bounds.length === 0 ? { at: [], value: value(settings([])) } : maximize((at) => value(settings(at)), bounds, { samples: 200 * bounds.length, starts: 8, seed, ...(report ? { onProgress: report } : {}) }, corners(bounds));
    return { at: settings(best.at), value: best.value };
  });
  return found.reduce((a, b) => (b.value > a.value ? b : a)).at;
}

function boundsOf(factor: Factor, narrowed?: readonly [number, number]): readonly [number, number] {
  const [low, high] = narrowed ?? [Number(natural(factor, -1)), Number(natural(factor, 1))];
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return [low, high];
  throw new PredictionRefused('region', `The region of ${factor.name} must be two rising numbers.`);
}

/** Settings of the factors that are not continuous; refuses mixtures. */
function levelCombinations(factors: readonly Factor[]): ReadonlyMap<string, Setting>[] {
  if (factors.some(({ kind }) => kind === 'mixture')) throw new PredictionRefused('mixture', 'The shares of a mixture cannot be searched one by one; evaluate the desirability at candidate blends.');
  const levels = factors.flatMap((factor) => {
    const codes = codedLevels(factor);
    return codes ? [codes.map((code) => [factor.name, natural(factor, code)] as const)] : [];
  });
  const count = levels.reduce((product, { length }) => product * length, 1);
  if (count > MOST_COMBINATIONS) throw new PredictionRefused('too-many-levels', `There are ${count} combinations of levels to search; ${MOST_COMBINATIONS} are the most. Make discrete factors continuous.`);
  return levels.reduce<Map<string, Setting>[]>((found, own) => own.flatMap(([name, level]) => found.map((rest) => new Map<string, Setting>([...rest, [name, level]]))), [new Map<string, Setting>()]);
}

/** Optima often lie there, and random points never do. */
function corners(bounds: Bounds): number[][] {
  if (bounds.length > 8) return [];
  return bounds.reduce<number[][]>((found, [low, high]) => found.flatMap((rest) => [[...rest, low], [...rest, high]]), [[]]);
}
