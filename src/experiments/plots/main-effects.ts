import type { Factor, Setting, Settings } from '../factors.js';
import type { Prediction } from '../prediction/predictor.js';
import { factorsInModel, levelsOf, namesAxis, numericAxis, rangeOf, roomy, steps } from './axes.js';
import type { Panel, Plot, PlotAxis, Series } from './plot.js';
import type { PlotQuery, PlotSource } from './plot-source.js';
import { PlotRefused } from './plots.errors.js';
import { leastShare, moved, referencePoint } from './reference-point.js';
import { predicted } from './scale-of-fit.js';
import { heldAt, listed, percent, withUnit } from './words.js';

/** Along a curve. */
const STEPS = 41;
/** More would be too small to read. */
const MOST_PANELS = 20;

/** The predicted response along one factor, the others held. */
export interface Profile {
  readonly factor: Factor;
  /** Settings of the factor, with the prediction of the model there. */
  readonly points: readonly (Known & { readonly at: Setting })[];
}
type Known = Prediction & { readonly mean: number };

/** What the model predicts along each factor while the others are held, with its confidence. */
export function mainEffects(source: PlotSource, { at, level }: PlotQuery): Plot {
  const { response, factors } = source;
  const reference = referencePoint(factors, at);
  const profiles = factorsInModel(source).map((factor) => profile(source, factor, reference, level));
  const all = profiles.filter(isTold);
  if (profiles.length === 0) throw new PlotRefused('no-factor', 'The model has no factor, only an intercept; fit one with main effects.');
  if (all.length === 0) throw new PlotRefused('unknown', 'The runs do not tell what any factor of the model does while the others are held; add runs that separate them.');
  const largest = [...all].sort((a, b) => change(b) - change(a)).slice(0, MOST_PANELS);
  const shown = all.filter((each) => largest.includes(each));
  const y = numericAxis(response, roomy(shown.flatMap(({ points }) => points.flatMap(heights))));
  return {
    kind: 'main-effects',
    title: `${response.name}: main effects`,
    description: describe(source, largest, all.length, level),
    notes: [bandNote(source, level), ...untold(profiles), ...beyondNote(shown), ...heldNote(source, reference)],
    legend: null,
    panels: shown.map((each) => panelOf(each, y)),
  };
}

export function profile(source: PlotSource, factor: Factor, from: Settings, level: number): Profile {
  const { factors } = source;
  const index = factors.indexOf(factor);
  const values = factor.kind === 'categorical' ? levelsOf(factor) : steps(rangeOf(factor), STEPS);
  const points = values.map((value) => moved(factors, from, new Map([[index, value]])));
  const predictions = predicted(source, points, level);
  return {
    factor,
    points: predictions.flatMap((prediction, i) => (isKnown(prediction) && leastShare(factors, points[i]!) > -1e-9 ? [{ ...prediction, at: values[i]! }] : [])),
  };
}

/** Where terms are aliased, the runs may tell of a single point, or of none. */
export function isTold({ points }: Profile): boolean {
  return points.length > 1;
}

/** Curve and band along a number, points and bars over names. */
export function profileSeries({ factor, points }: Profile, name: string, key?: string): Series[] {
  const places = points.map(({ at }, index) => (typeof at === 'number' ? at : levelsOf(factor).indexOf(points[index]!.at)));
  const bounds = points.flatMap(({ confidence }, index) => (confidence ? [{ x: places[index]!, ...confidence }] : []));
  const means = points.map(({ mean }, index) => ({ x: places[index]!, y: mean }));
  const keyed = key === undefined ? {} : { key };
  const line: Series = { type: 'line', name, points: means, ...keyed };
  if (factor.kind !== 'categorical') return [...(bounds.length > 0 ? [{ type: 'band' as const, name: 'confidence', points: bounds, ...keyed }] : []), line];
  return [line, ...(bounds.length > 0 ? [{ type: 'intervals' as const, name: 'confidence', points: bounds, ...keyed }] : []), { ...line, type: 'points' }];
}

export function factorAxis(factor: Factor): PlotAxis {
  return factor.kind === 'categorical' ? namesAxis(factor, levelsOf(factor).map(String)) : numericAxis(factor, rangeOf(factor));
}

/** All that the height of a picture must hold. */
export function heights({ mean, confidence }: Known): number[] {
  return confidence ? [mean, confidence.lower, confidence.upper] : [mean];
}

export function bandNote({ predictor }: PlotSource, level: number): string {
  return predictor.variance === null ? 'No confidence bands: the model leaves no degrees of freedom to judge by' : `Bands: ${percent(level)} confidence interval of the mean`;
}

function panelOf(each: Profile, y: PlotAxis): Panel {
  return { x: factorAxis(each.factor), y, series: profileSeries(each, 'predicted'), grid: null };
}

/** The last of the notes: of many factors it is long, and what does not fit is cut. */
function heldNote({ factors }: PlotSource, reference: Settings): string[] {
  const held = factors.length > 1 ? heldAt(factors, reference, []) : undefined;
  return held ? [held.replace('Held:', 'While one factor varies, the others are held at')] : [];
}

function beyondNote(shown: readonly Profile[]): string[] {
  const beyond = shown.filter(({ points }) => points.some(({ extrapolated }) => extrapolated)).map(({ factor }) => factor.name);
  return beyond.length > 0 ? [`Reaches beyond the runs for ${listed(beyond)}`] : [];
}

function untold(profiles: readonly Profile[]): string[] {
  const names = profiles.filter((each) => !isTold(each)).map(({ factor }) => factor.name);
  return names.length > 0 ? [`Not shown, because the runs do not tell what they do alone: ${listed(names)}`] : [];
}

function change({ points }: Profile): number {
  const means = points.map(({ mean }) => mean);
  return Math.max(...means) - Math.min(...means);
}

function describe({ response, predictor }: PlotSource, largest: readonly Profile[], count: number, level: number): string {
  const [first, ...others] = largest;
  const next = others.slice(0, 3).map((each) => `${each.factor.name} (${withUnit(change(each), response.unit)})`);
  return [
    `Predicted ${response.name} along each of ${count === 1 ? 'one factor' : `${count} factors`}, the others being held.`,
    `${first!.factor.name} changes it most: ${span(first!, response.unit)}.`,
    ...(next.length > 0 ? [`Then come, by the range of the prediction, ${listed(next)}.`] : []),
    ...(predictor.variance === null ? [] : [`Bands show ${percent(level)} confidence intervals of the mean.`]),
    ...(count > largest.length ? [`The ${largest.length} largest of ${count} are drawn.`] : []),
  ].join(' ');
}

function span({ factor, points }: Profile, unit: string | null): string {
  const sorted = [...points].sort((a, b) => a.mean - b.mean);
  const where = ({ at, mean }: Profile['points'][number]): string => `${withUnit(mean, unit)} at ${withUnit(at, factor.unit)}`;
  return `from ${where(sorted[0]!)} to ${where(sorted.at(-1)!)}`;
}

function isKnown<T extends Prediction>(prediction: T): prediction is T & Known {
  return prediction.mean !== null;
}
