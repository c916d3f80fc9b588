import type { Factor } from '../factors.js';
import { factorNamed } from './axes.js';
import type { PlotQuery, PlotSource } from './plot-source.js';
import { PlotRefused } from './plots.errors.js';

/** The two factors asked for; where one is left open, those whose product has the largest effect. */
export function chosenPair(source: PlotSource, { kind, x, y }: PlotQuery, usable: readonly Factor[]): [Factor, Factor] {
  if (usable.length < 2) throw new PlotRefused('one-factor', `The plot ${kind} needs two ${kind === 'interaction' ? '' : 'numeric '}factors in the model; there ${usable.length === 1 ? `is only ${usable[0]!.name}` : 'is none'}.`);
  const wantedX = x === undefined ? undefined : factorNamed(source.factors, x, 'x');
  const wantedY = y === undefined ? undefined : factorNamed(source.factors, y, 'y');
  if (wantedX && wantedX === wantedY) throw new PlotRefused('same', 'x and y must be two different factors.', 'y');
  const open = [...strongestPair(source, usable), ...usable];
  const first = wantedX ?? open.find((each) => each !== wantedY)!;
  return [first, wantedY ?? open.find((each) => each !== first)!];
}

/** In the order of the factors, numbers before names: they read better along x. */
function strongestPair({ effects, predictor, factors }: PlotSource, usable: readonly Factor[]): Factor[] {
  const pairs = predictor.spec.terms
    .map(({ parts }) => parts.map(({ factor }) => usable.find(({ name }) => name === factor)))
    .filter((pair): pair is [Factor, Factor] => pair.length === 2 && pair.every(Boolean));
  const sizeOf = (pair: readonly Factor[]): number => Math.max(0, ...effects.filter(({ term }) => isProduct(term, pair)).map(({ effect }) => Math.abs(effect)));
  const best = [...pairs].sort((a, b) => sizeOf(b) - sizeOf(a))[0] ?? [];
  const rank = (factor: Factor): number => factors.indexOf(factor) + (factor.kind === 'categorical' ? factors.length : 0);
  return [...best].sort((a, b) => rank(a) - rank(b));
}

/** Whether the name of a column, such as `A:Block[B2]`, is the product of exactly these. */
function isProduct(column: string, pair: readonly Factor[]): boolean {
  const names = column.split(':').map((part) => part.replace(/(\[.*\]|\^\d+)$/, ''));
  return names.length === 2 && pair.every(({ name }) => names.includes(name));
}
