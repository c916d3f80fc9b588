import { categoryLevels, coded, type Factor, natural, type Setting, type Settings, shareBounds } from '../factors.js';
import { PlotRefused } from './plots.errors.js';

/** Where the factors stand that a plot does not vary: at their centre, at their first level, or where the reader wants them. */
export function referencePoint(factors: readonly Factor[], at: readonly string[]): Settings {
  const wanted = new Map(at.map((text) => wantedSetting(factors, text)));
  return moved(factors, factors.map((factor) => middleOf(factor, factors)), wanted);
}

/** The same point with some factors elsewhere. Other shares of a mixture give way in proportion, so that all add up to 1. */
export function moved(factors: readonly Factor[], from: Settings, changes: ReadonlyMap<number, Setting>): Settings {
  const shares = factors.flatMap(({ kind }, index) => (kind === 'mixture' ? [index] : []));
  const free = shares.filter((index) => !changes.has(index));
  const sum = (indices: readonly number[], value: (index: number) => Setting | undefined): number => indices.reduce((total, index) => total + Number(value(index)), 0);
  const taken = sum(shares.filter((index) => changes.has(index)), (index) => changes.get(index));
  const before = sum(free, (index) => from[index]);
  return from.map((value, index) => {
    const change = changes.get(index);
    if (change !== undefined) return change;
    if (shares.length === free.length || !free.includes(index)) return value;
    return before > 0 ? Number(value) * (1 - taken) / before : (1 - taken) / free.length;
  });
}

/** The smallest share of a mixture that is left at this point; 1 where there is no mixture. */
export function leastShare(factors: readonly Factor[], point: Settings): number {
  return factors.reduce((least, { kind }, index) => (kind === 'mixture' ? Math.min(least, Number(point[index])) : least), 1);
}

function middleOf(factor: Factor, factors: readonly Factor[]): Setting {
  if (factor.kind === 'categorical') return categoryLevels(factor)[0]!;
  if (factor.kind !== 'mixture') return natural(factor, 0);
  const bounds = factors.filter(({ kind }) => kind === 'mixture').map(shareBounds);
  const rest = 1 - bounds.reduce((total, { low }) => total + low, 0);
  return shareBounds(factor).low + rest / bounds.length;
}

/** Names may contain `=`, so the longest that fits is meant. */
function wantedSetting(factors: readonly Factor[], text: string): [number, Setting] {
  const fitting = factors.filter(({ name }) => text.startsWith(`${name}=`)).sort((a, b) => b.name.length - a.name.length);
  const factor = fitting[0];
  if (!factor) throw new PlotRefused('at', `Write a fixed value as NAME=VALUE; the factors are ${factors.map(({ name }) => name).join(', ')}.`, 'at');
  const value = text.slice(factor.name.length + 1).trim();
  const setting = factor.kind === 'categorical' || value === '' ? value : Number(value);
  coded(factor, setting);
  return [factors.indexOf(factor), setting];
}
