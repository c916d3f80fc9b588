import type { Factor, Settings } from '../factors.js';
import { extent, factorsInModel, measuredRange, numericAxis, rangeOf, steps } from './axes.js';
import { chosenPair } from './chosen-pair.js';
import type { Plot, PlotGrid, PlotPoint, Series } from './plot.js';
import type { PlotQuery, PlotSource } from './plot-source.js';
import { PlotRefused } from './plots.errors.js';
import { leastShare, moved, referencePoint } from './reference-point.js';
import { predicted } from './scale-of-fit.js';
import { figure, heldAt, titled, withUnit } from './words.js';

/** Fine enough that lines look smooth, coarse enough for models with 66 coefficients. */
const STEPS = { contour: 31, surface: 21 };
const RUNS = 'run';
const OTHER_RUNS = 'run at other held settings';
const BEYOND = 'beyond the runs: extrapolated';

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** The prediction over two numeric factors, the others held. It covers what was declared and what was measured. */
export function contour(source: PlotSource, query: PlotQuery): Plot {
  const { response, factors } = source;
  const [x, y] = numericPair(source, query);
  const reference = referencePoint(factors, query.at);
  const grid = gridOf(source, x, y, reference, STEPS[query.kind === 'surface' ? 'surface' : 'contour']);
  const spots = possibleSpots(grid);
  if (spots.length === 0) throw new PlotRefused('unknown', `No prediction is possible for ${x.name} and ${y.name} at these settings.`);
  const runs = query.kind === 'surface' ? [] : runSeries(source, x, y, reference);
  const held = heldAt(factors, reference, [x, y, ...givingWay(source, x, y)].map(({ name }) => name));
  const beyond = grid.beyond.some((row, i) => row.some((value, j) => value > 0 && grid.possible[i]![j]! >= 0));
  return {
    kind: query.kind,
    title: `${titled(response)} over ${x.name} and ${y.name}`,
    description: describe(source, x, y, spots, grid),
    notes: [...(held ? [held] : []), ...(beyond && query.kind === 'surface' ? [`Paler: ${BEYOND}`] : [])],
    legend: query.kind === 'surface' ? null : { title: '', entries: [...runs.map(({ name }) => name), ...(beyond ? [BEYOND] : [])] },
    panels: [{
      x: numericAxis(x, [grid.x[0]!, grid.x.at(-1)!]),
      y: numericAxis(y, [grid.y[0]!, grid.y.at(-1)!]),
      series: runs,
      grid,
    }],
  };
}

function numericPair(source: PlotSource, query: PlotQuery): [Factor, Factor] {
  for (const pointer of ['x', 'y'] as const) {
    const factor = source.factors.find(({ name }) => name === query[pointer]);
    if (factor?.kind === 'categorical') throw new PlotRefused('categorical', `${factor.name} is categorical: a ${query.kind} needs numbers on both axes. Fix it with at, or look at the interaction plot.`, pointer);
  }
  return chosenPair(source, query, factorsInModel(source).filter(({ kind }) => kind !== 'categorical'));
}

function gridOf(source: PlotSource, x: Factor, y: Factor, reference: Settings, count: number): PlotGrid {
  const { factors, predictor, response } = source;
  const [atX, atY] = [factors.indexOf(x), factors.indexOf(y)];
  const [xs, ys] = [x, y].map((factor) => steps(extent([...rangeOf(factor), ...measuredRange(source, factor)]), count)) as [number[], number[]];
  const rows = ys.map((valueY) => xs.map((valueX) => moved(factors, reference, new Map([[atX, valueX], [atY, valueY]]))));
  const predictions = rows.map((row) => predicted(source, row));
  const largest = predictor.largestLeverage * (1 + 1e-9);
  const unknown = predictions.every((row) => row.every(({ mean }) => mean === null));
  if (unknown) throw new PlotRefused('unknown', `The runs do not tell what happens over ${x.name} and ${y.name} together: a term that is needed is aliased with others.`);
  return {
    name: response.name,
    unit: response.unit,
    x: xs,
    y: ys,
    values: predictions.map((row) => row.map(({ mean }) => mean ?? 0)),
    beyond: predictions.map((row) => row.map(({ leverage }) => (leverage ?? Infinity) / largest - 1).map((value) => Math.min(value, 1e6))),
    possible: rows.map((row, i) => row.map((point, j) => (predictions[i]![j]!.mean === null ? -1 : leastShare(factors, point)))),
  };
}

/** Runs that agree with what is held, and the others, which lie elsewhere in the space of factors. */
function runSeries(source: PlotSource, x: Factor, y: Factor, reference: Settings): Series[] {
  const { factors, runs } = source;
  const [atX, atY] = [factors.indexOf(x), factors.indexOf(y)];
  const loose = [x, y, ...givingWay(source, x, y)];
  const agrees = (settings: Settings): boolean => factors.every((factor, index) => loose.includes(factor) || settings[index] === reference[index]);
  return [RUNS, OTHER_RUNS].flatMap((name) => {
    const chosen = runs.filter(({ settings }) => agrees(settings) === (name === RUNS));
    const points = placesOf(chosen.map(({ settings }) => [Number(settings[atX]), Number(settings[atY])]));
    return points.length > 0 ? [{ type: 'points' as const, name, key: name, points }] : [];
  });
}

/** Each place once, with how often it was measured. */
function placesOf(places: readonly (readonly [number, number])[]): PlotPoint[] {
  const counts = new Map<string, PlotPoint & { count: number }>();
  for (const [x, y] of places) {
    const key = `${x}/${y}`;
    counts.set(key, { x, y, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].map(({ x, y, count }) => ({ x: x!, y: y!, ...(count > 1 && { label: `×${count}` }) }));
}

/** Shares of a mixture that change with those on the axes. */
function givingWay({ factors }: PlotSource, x: Factor, y: Factor): Factor[] {
  return x.kind === 'mixture' || y.kind === 'mixture' ? factors.filter((factor) => factor.kind === 'mixture') : [];
}

function possibleSpots({ x, y, values, possible }: PlotGrid): Spot[] {
  return values.flatMap((row, i) => row.flatMap((value, j) => (possible[i]![j]! > -1e-9 ? [{ x: x[j]!, y: y[i]!, value }] : [])));
}

function describe({ response }: PlotSource, x: Factor, y: Factor, spots: readonly Spot[], grid: PlotGrid): string {
  const inside = spots.filter((spot) => grid.beyond[grid.y.indexOf(spot.y)]![grid.x.indexOf(spot.x)]! <= 0);
  const shown = inside.length > 0 ? inside : spots;
  const least = shown.reduce((best, spot) => (spot.value < best.value ? spot : best));
  const most = shown.reduce((best, spot) => (spot.value > best.value ? spot : best));
  const where = (spot: Spot): string => `${withUnit(spot.value, response.unit)} at ${x.name} ${withUnit(spot.x, x.unit)} and ${y.name} ${withUnit(spot.y, y.unit)}`;
  return [
    `Predicted ${titled(response)} for ${x.name} from ${figure(grid.x[0]!)} to ${withUnit(grid.x.at(-1)!, x.unit)} and ${y.name} from ${figure(grid.y[0]!)} to ${withUnit(grid.y.at(-1)!, y.unit)}.`,
    `${inside.length === 0 ? 'No point of it lies among the runs; there it' : inside.length < spots.length ? 'Among the runs it' : 'It'} is highest, ${where(most)}, and lowest, ${where(least)}.`,
    ...(inside.length < spots.length ? ['What lies beyond the runs is marked as extrapolated.'] : []),
  ].join(' ');
}
