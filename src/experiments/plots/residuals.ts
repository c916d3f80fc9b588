import { normalQuantile, studentCritical } from '../analysis/distributions.js';
import { backTransformed } from '../analysis/transform.js';
import { extent, numericAxis, roomy } from './axes.js';
import type { Plot, PlotAxis, PlotPoint, Series } from './plot.js';
import type { Against, PlotQuery, PlotSource } from './plot-source.js';
import { PlotRefused } from './plots.errors.js';
import { scaleOfFit } from './scale-of-fit.js';
import { figure, listed, titled } from './words.js';

interface Residual {
  readonly name: string;
  readonly label: string;
  readonly order: number | null;
  readonly fitted: number;
  /** Externally studentised where that exists, else internally. */
  readonly value: number;
}

const TITLES: Record<Against, string> = { fitted: 'residuals against fitted values', order: 'residuals in run order', normal: 'normal Q-Q plot of residuals' };
const WAYS: Record<Against, string> = { fitted: 'against fitted values', order: 'in run order', normal: 'against the quantiles of a normal distribution' };
const MOST_LABELS = 10;

/** Studentised residuals: what the model leaves unexplained, run by run. */
export function residuals(source: PlotSource, { against }: PlotQuery): Plot {
  const all = residualsOf(source);
  const limit = limitOf(source, all.length);
  const shown = against === 'order' ? inOrder(all) : against === 'normal' ? [...all].sort((a, b) => a.value - b.value) : all;
  const points = shown.map((residual, index): PlotPoint & { x: number; y: number } => ({ x: xOf(residual, against, index, shown.length), y: residual.value }));
  const labelled = labels(shown, limit);
  const height = roomy([...points.map(({ y }) => y), -limit * 0.6, limit * 0.6], 0.08);
  return {
    kind: 'residuals',
    title: `${scaleOfFit(source).name}: ${TITLES[against]}`,
    description: describe(source, shown, limit, against),
    notes: notesOf(source, all, shown, limit),
    legend: null,
    panels: [{
      x: xAxis(source, against, points.map(({ x }) => x)),
      y: numericAxis({ name: 'Studentised residual' }, height),
      series: [
        ...guides(against, limit, points, height),
        ...(against === 'order' ? [{ type: 'guide' as const, name: 'in order', points }] : []),
        { type: 'points', name: 'runs', points: points.map((point, index) => (labelled.has(index) ? { ...point, label: shown[index]!.label } : point)) },
      ],
      grid: null,
    }],
  };
}

/** Measured values against what the model says of the same runs. */
export function predictedPlot({ response, transform, runs, diagnostics }: PlotSource): Plot {
  const points = runs.map(({ measured }, index) => ({ x: measured, y: backTransformed(diagnostics[index]!.fitted, transform) ?? measured, name: runs[index]!.name }));
  const domain = roomy(points.flatMap(({ x, y }) => [x, y]));
  const far = [...points].sort((a, b) => Math.abs(b.y - b.x) - Math.abs(a.y - a.x))[0]!;
  const [low, high] = extent(points.map(({ x }) => x));
  return {
    kind: 'predicted',
    title: `${response.name}: predicted and measured`,
    description: `Fitted against measured ${titled(response)} of ${points.length} runs, measured from ${figure(low)} to ${figure(high)}. Farthest from the line of agreement lies ${far.name}: measured ${figure(far.x)}, fitted ${figure(far.y)}.`,
    notes: ['On the line both agree'],
    legend: null,
    panels: [{
      x: numericAxis({ name: `Measured ${response.name}`, unit: response.unit }, domain),
      y: numericAxis({ name: `Fitted ${response.name}`, unit: response.unit }, domain),
      series: [{ type: 'guide', name: 'agreement', points: domain.map((end) => ({ x: end, y: end })) }, { type: 'points', name: 'runs', points: points.map(({ x, y }) => ({ x, y })) }],
      grid: null,
    }],
  };
}

function residualsOf({ predictor, runs, diagnostics }: PlotSource): Residual[] {
  if (predictor.df === 0) throw new PlotRefused('saturated', 'The model has as many coefficients as there are runs, so it goes through every point and leaves no residuals. Add runs or drop terms; half-normal shows its effects.');
  if (predictor.variance === null) throw new PlotRefused('no-residuals', 'The model goes through every point exactly, so there are no residuals to look at.');
  const found = diagnostics.flatMap(({ fitted, standardized, studentized }, index) => {
    const value = studentized ?? standardized;
    return value === null ? [] : [{ name: runs[index]!.name, label: runs[index]!.label, order: runs[index]!.order, fitted, value }];
  });
  if (found.length === 0) throw new PlotRefused('no-residuals', 'Every run is fitted by itself alone, so there are no residuals to look at.');
  return found;
}

function inOrder(all: readonly Residual[]): Residual[] {
  const ordered = all.filter(({ order }) => order !== null).sort((a, b) => a.order! - b.order!);
  if (ordered.length === 0) throw new PlotRefused('no-order', 'None of the values that the model rests on belongs to a run, so there is no order to show.', 'against');
  return ordered;
}

/** Blom (1958), Statistical estimates and transformed beta-variables: plotting positions of normal order statistics. */
function xOf({ fitted, order }: Residual, against: Against, index: number, count: number): number {
  if (against === 'fitted') return fitted;
  return against === 'order' ? order! : normalQuantile((index + 1 - 0.375) / (count + 0.25));
}

function xAxis(source: PlotSource, against: Against, values: readonly number[]): PlotAxis {
  if (against === 'fitted') return fittedAxis(scaleOfFit(source), values);
  if (against === 'order') return { ...numericAxis({ name: 'Run' }, roomy(values)), counts: true };
  return numericAxis({ name: 'Normal quantile' }, roomy(values));
}

function fittedAxis({ name, unit }: { name: string; unit: string | null }, values: readonly number[]): PlotAxis {
  return numericAxis({ name: `Fitted ${name}`, unit }, roomy(values));
}

/** Beyond it an externally studentised residual is an outlier although all were looked at: Bonferroni at 5 %. */
function limitOf({ predictor }: PlotSource, count: number): number {
  return studentCritical(0.05 / count, Math.max(1, predictor.df - 1));
}

function guides(against: Against, limit: number, points: readonly { x: number; y: number }[], [low, high]: readonly [number, number]): Series[] {
  if (against === 'normal') {
    const [left, right] = extent(points.map(({ x }) => x));
    return [{ type: 'guide', name: 'normal', points: [{ x: left, y: left }, { x: right, y: right }] }];
  }
  const limits = [-limit, limit].filter((at) => at > low && at < high).map((at) => ({ y: at, label: 'outlier limit' }));
  return [{ type: 'rule', name: 'zero', points: [{ y: 0 }] }, ...(limits.length > 0 ? [{ type: 'rule' as const, name: 'outlier limit', points: limits }] : [])];
}

/** Outliers, else the largest three. */
function labels(shown: readonly Residual[], limit: number): Set<number> {
  const sorted = shown.map(({ value }, index) => ({ size: Math.abs(value), index })).sort((a, b) => b.size - a.size);
  const beyond = sorted.filter(({ size }) => size > limit).slice(0, MOST_LABELS);
  return new Set((beyond.length > 3 ? beyond : sorted.slice(0, 3)).map(({ index }) => index));
}

function notesOf({ runs }: PlotSource, all: readonly Residual[], shown: readonly Residual[], limit: number): string[] {
  const alone = runs.length - all.length;
  return [
    `Outlier limit ±${figure(limit, 3)}: 5 % for all runs together; the largest are labelled with their run`,
    ...(alone > 0 ? [`${alone} of ${runs.length} runs are fitted by themselves alone and have no residual`] : []),
    ...(shown.length < all.length ? [`${all.length - shown.length} values that belong to no run are left out`] : []),
  ];
}

function describe(source: PlotSource, shown: readonly Residual[], limit: number, against: Against): string {
  const [low, high] = extent(shown.map(({ value }) => value));
  const outliers = shown.filter(({ value }) => Math.abs(value) > limit).map(({ name }) => name);
  const largest = shown.reduce((most, each) => (Math.abs(each.value) > Math.abs(most.value) ? each : most));
  return [
    `Studentised residuals of ${scaleOfFit(source).name} ${WAYS[against]}, ${shown.length} runs, from ${figure(low)} to ${figure(high)}.`,
    `The largest is that of ${largest.name}.`,
    outliers.length > 0 ? `Beyond the outlier limit of ±${figure(limit, 3)}: ${listed(outliers.slice(0, MOST_LABELS))}.` : `None is beyond the outlier limit of ±${figure(limit, 3)}.`,
  ].join(' ');
}
