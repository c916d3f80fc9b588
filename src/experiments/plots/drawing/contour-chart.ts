import { parse, scheme, type Spec, View } from 'vega';
import type { Panel, Plot, PlotGrid } from '../plot.js';
import { sheet } from './chart.js';
import { hatching } from './hatching.js';
import { frameOf, type PanelFrame, type Size, SIZES } from './frame.js';
import { INK, QUIET } from './palette.js';
import { groupOf, panelGroup } from './panel-group.js';
import { type Drawn, mark, pixelOf, seriesMarks, textMark } from './series-marks.js';
import { textWidth } from './text-size.js';
import { roundSteps, tickText } from './ticks.js';

type Ring = readonly (readonly [number, number])[];
interface Contour {
  readonly value: number;
  readonly rings: readonly Ring[];
}

const LEVELS = 9;
/** Room for the key of colours. */
const KEY_BAR = 16;

/** Filled contours with labelled lines, the runs, and a hatched region where the prediction is extrapolated. */
export async function contourChart(plot: Plot, size: Size): Promise<Spec> {
  const panel = plot.panels[0]!;
  const grid = panel.grid!;
  const levels = levelsFor(grid);
  const keyWidth = KEY_BAR + 14 + Math.max(0, ...levels.map((level) => textWidth(tickText(level, levels), SIZES.tick)));
  const frame = frameOf(plot, size, keyWidth + 10);
  const at = frame.panels[0]!;
  const [lines, beyond, impossible] = await Promise.all([contours(grid.values, levels, at), contours(grid.beyond, [0], at), contours(grid.possible.map((row) => row.map((value) => -value)), [1e-9], at)]);
  const colours = coloursFor(levels.length + 1);
  const drawn: Drawn[] = [
    fill([wholeOf(at)], [colours[0]!]),
    fill(lines.map(pathOf), colours.slice(1)),
    stroke(lines.map(pathOf), '#2b2b2b', 0.9),
    hatching(grid.beyond, at.box),
    stroke(beyond.map(pathOf), QUIET, 1.4, [6, 4]),
    fill(impossible.map(pathOf), ['#ffffff']),
    stroke(impossible.map(pathOf), QUIET, 1.2),
    ...lineLabels(lines, levels, panel, at, grid),
    ...seriesMarks(plot, panel, at),
  ];
  return sheet(plot, frame, [panelGroup(panel, at, drawn), colourKey(levels, colours, at)]);
}

function levelsFor({ values, possible }: PlotGrid): number[] {
  const shown = values.flatMap((row, i) => row.filter((_, j) => possible[i]![j]! > -1e-9));
  const low = shown.reduce((least, value) => Math.min(least, value), Infinity);
  const high = shown.reduce((most, value) => Math.max(most, value), -Infinity);
  if (!(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)))) return [];
  return roundSteps(low, high, LEVELS).filter((level) => level > low && level < high);
}

/** Light enough that black labels and dark points stand out on all of them. */
function coloursFor(count: number): string[] {
  const colour = sequentialColour([0, Math.max(1, count - 1)]);
  return Array.from({ length: count }, (_, index) => colour(index));
}

export function sequentialColour([low, high]: readonly [number, number]): (value: number) => string {
  const interpolate = scheme('yellowgreenblue') as unknown as (share: number) => string;
  return (value) => interpolate(0.04 + (0.6 * (value - low)) / (high - low));
}

/** Vega finds the lines on the grid; a vertex at (0.5, 0.5) is the first value. */
async function contours(field: readonly (readonly number[])[], thresholds: readonly number[], { box }: PanelFrame): Promise<Contour[]> {
  if (thresholds.length === 0) return [];
  const [width, height] = [field[0]!.length, field.length];
  const spec = { data: [{ name: 'grid', values: [{ width, height, values: field.flat() }] }, { name: 'contours', source: 'grid', transform: [{ type: 'isocontour', thresholds: [...thresholds] }] }] } as unknown as Spec;
  const view = await new View(parse(spec), { renderer: 'none' }).runAsync();
  const found = view.data('contours') as { contour: { value: number; coordinates: Ring[][] } }[];
  view.finalize();
  const place = ([x, y]: readonly [number, number]): [number, number] => [((x - 0.5) / (width - 1)) * box.width, (1 - (y - 0.5) / (height - 1)) * box.height];
  return found.map(({ contour: { value, coordinates } }) => ({ value, rings: coordinates.flat().map((ring) => ring.map(place)) }));
}

function pathOf({ rings }: Contour): string {
  return rings.map((ring) => `M${ring.map(([x, y]) => `${round(x)},${round(y)}`).join('L')}Z`).join('');
}

function wholeOf({ box }: PanelFrame): string {
  return `M0,0H${round(box.width)}V${round(box.height)}H0Z`;
}

function fill(paths: readonly string[], colours: readonly string[]): Drawn {
  return mark('path', paths.map((path, index) => ({ path, colour: colours[index] })), { path: { field: 'path' }, fill: { field: 'colour' } });
}

function stroke(paths: readonly string[], colour: string, width: number, dash: number[] = []): Drawn {
  return mark('path', paths.map((path) => ({ path })), { path: { field: 'path' }, stroke: { value: colour }, strokeWidth: { value: width }, strokeDash: { value: dash } });
}

interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly bend: number;
}

/** Each line is labelled where it runs straight and far from other labels, from points and from the edge. */
function lineLabels(lines: readonly Contour[], levels: readonly number[], panel: Panel, frame: PanelFrame, grid: PlotGrid): Drawn[] {
  const taken = panel.series.flatMap(({ points }) => points.map((point) => pixelOf(panel, frame, point)));
  const placed: (Candidate & { text: string })[] = [];
  for (const { value, rings } of lines) {
    const longest = [...rings].sort((a, b) => b.length - a.length).slice(0, 2);
    for (const ring of longest) {
      const best = bestPlace(ring, frame, grid, taken, placed);
      if (best) placed.push({ ...best, text: tickText(value, levels) });
    }
  }
  const text = (enter: object): Drawn => mark('text', placed, { x: { field: 'x' }, y: { field: 'y' }, angle: { field: 'angle' }, text: { field: 'text' }, align: { value: 'center' }, baseline: { value: 'middle' }, fontSize: { value: 11 }, ...enter });
  return [text({ stroke: { value: '#fff' }, strokeWidth: { value: 3.5 }, strokeJoin: { value: 'round' } }), text({ fill: { value: INK } })];
}

function bestPlace(ring: Ring, frame: PanelFrame, grid: PlotGrid, taken: readonly { x: number; y: number }[], placed: readonly Candidate[]): Candidate | undefined {
  const reach = Math.max(2, Math.round(24 / (frame.box.width / (grid.x.length - 1))));
  const candidates = ring.flatMap((_, index) => candidateAt(ring, index, reach, frame, grid));
  const score = (each: Candidate): number => Math.min(60, nearest(each, placed)) + Math.min(24, nearest(each, taken)) - 60 * each.bend;
  const allowed = candidates.filter((each) => nearest(each, placed) > 30 && nearest(each, taken) > 16);
  return allowed.reduce<Candidate | undefined>((best, each) => (!best || score(each) > score(best) ? each : best), undefined);
}

function candidateAt(ring: Ring, index: number, reach: number, { box }: PanelFrame, grid: PlotGrid): Candidate[] {
  const [x, y] = ring[index]!;
  if (x < 26 || y < 14 || x > box.width - 26 || y > box.height - 14 || ring.length < 4 * reach) return [];
  const [before, after] = [ring.at((index - reach) % ring.length)!, ring[(index + reach) % ring.length]!];
  const [column, row] = [Math.round((x / box.width) * (grid.x.length - 1)), Math.round((1 - y / box.height) * (grid.y.length - 1))];
  if (grid.possible[row]![column]! < 0.01) return [];
  const [dx, dy] = [after[0] - before[0], after[1] - before[1]];
  const bend = 1 - Math.hypot(dx, dy) / Math.max(1e-9, Math.hypot(x - before[0], y - before[1]) + Math.hypot(after[0] - x, after[1] - y));
  const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
  return [{ x, y, bend, angle: angle > 90 ? angle - 180 : angle < -90 ? angle + 180 : angle }];
}

function nearest({ x, y }: { x: number; y: number }, others: readonly { x: number; y: number }[]): number {
  return others.reduce((least, other) => Math.min(least, Math.hypot(x - other.x, y - other.y)), Infinity);
}

/** What each colour means; values stand at the borders of the colours. */
function colourKey(levels: readonly number[], colours: readonly string[], { box }: PanelFrame): ReturnType<typeof groupOf> {
  const each = box.height / colours.length;
  const boxes = colours.map((colour, index) => ({ colour, y: box.height - (index + 1) * each }));
  const skip = Math.ceil(13 / each);
  const texts = levels.map((level, index) => ({ x: KEY_BAR + 5, y: box.height - (index + 1) * each, text: tickText(level, levels), align: 'left' })).filter((_, index) => index % skip === 0);
  return groupOf([
    mark('rect', boxes, { x: { value: 0 }, width: { value: KEY_BAR }, y: { field: 'y' }, height: { value: each }, fill: { field: 'colour' }, stroke: { value: '#6e6e6e' }, strokeWidth: { value: 0.5 } }, false),
    textMark(texts),
  ], { encode: { enter: { x: { value: box.x + box.width + 14 }, y: { value: box.y } } } });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
