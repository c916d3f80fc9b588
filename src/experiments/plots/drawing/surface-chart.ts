import type { Spec } from 'vega';
import type { Panel, Plot, PlotAxis, PlotGrid } from '../plot.js';
import { extent } from '../axes.js';
import { titled } from '../words.js';
import { sheet } from './chart.js';
import { sequentialColour } from './contour-chart.js';
import { EDGE, frameOf, type Size, SIZES } from './frame.js';
import { INK } from './palette.js';
import { groupOf } from './panel-group.js';
import { type Flat, projection, type Spatial } from './projection.js';
import { type Drawn, mark } from './series-marks.js';
import { BOLD, shortened } from './text-size.js';
import { roundSteps, tickText } from './ticks.js';

type Project = (point: Spatial) => Flat;
type Name = keyof Spatial;

interface Scales {
  readonly project: Project;
  readonly domains: Readonly<Record<Name, readonly [number, number]>>;
  readonly ticks: Readonly<Record<Name, readonly number[]>>;
}

/** The response as a surface over two factors, in a box with its axes at the three edges that nothing hides. */
export function surfaceChart(plot: Plot, size: Size): Spec {
  const panel = plot.panels[0]!;
  const grid = panel.grid!;
  const frame = frameOf(plot, size);
  const top = frame.panels[0]!.box.y;
  const area = { width: size.width - 2 * EDGE, height: size.height - EDGE - top };
  const scales = scalesOf(panel, grid, area);
  const drawn = [walls(scales), facets(grid, scales), edges(scales), words(panel, grid, scales)];
  return sheet(plot, frame, [groupOf(drawn, { encode: { enter: { x: { value: EDGE }, y: { value: top } } } })]);
}

function scalesOf(panel: Panel, grid: PlotGrid, area: Size): Scales {
  const shown = grid.values.flatMap((row, i) => row.filter((_, j) => grid.possible[i]![j]! > -1e-9));
  const [low, high] = extent(shown);
  const room = (high - low || Math.abs(high) || 1) * 0.04;
  const domains = { x: panel.x.domain!, y: panel.y.domain!, z: [low - room, high + room] as const };
  const ticks = { x: roundSteps(...domains.x, 5), y: roundSteps(...domains.y, 5), z: roundSteps(...domains.z, 5) };
  return { project: projection(area), domains, ticks };
}

/** Lines of the ticks on the floor and on the two walls behind. */
function walls({ project, domains, ticks }: Scales): Drawn {
  const at = (name: Name, tick: number): number => inBox(tick, domains[name]);
  const lines = [
    ...ticks.x.flatMap((tick) => [[{ x: at('x', tick), y: -1, z: -1 }, { x: at('x', tick), y: 1, z: -1 }], [{ x: at('x', tick), y: 1, z: -1 }, { x: at('x', tick), y: 1, z: 1 }]]),
    ...ticks.y.flatMap((tick) => [[{ x: -1, y: at('y', tick), z: -1 }, { x: 1, y: at('y', tick), z: -1 }], [{ x: 1, y: at('y', tick), z: -1 }, { x: 1, y: at('y', tick), z: 1 }]]),
    ...ticks.z.flatMap((tick) => [[{ x: -1, y: 1, z: at('z', tick) }, { x: 1, y: 1, z: at('z', tick) }], [{ x: 1, y: 1, z: at('z', tick) }, { x: 1, y: -1, z: at('z', tick) }]]),
  ];
  return paths(lines.map((points) => ({ path: pathOf(points.map(project)), stroke: '#dcdcdc' })));
}

function edges({ project }: Scales): Drawn {
  const corners = [{ x: -1, y: 1, z: 1 }, { x: -1, y: 1, z: -1 }, { x: -1, y: -1, z: -1 }, { x: 1, y: -1, z: -1 }];
  return paths([{ path: pathOf(corners.map(project)), stroke: '#6e6e6e' }]);
}

/** From the farthest to the nearest, so that what is in front covers what is behind. */
function facets(grid: PlotGrid, { project, domains }: Scales): Drawn {
  const columns = [...grid.x.keys()].slice(0, -1).reverse();
  const rows = [...grid.y.keys()].slice(0, -1).reverse();
  const colour = sequentialColour(domains.z);
  const corners = (i: number, j: number): [number, number][] => [[i, j], [i, j + 1], [i + 1, j + 1], [i + 1, j]];
  const point = (i: number, j: number): Spatial => ({ x: inBox(grid.x[j]!, domains.x), y: inBox(grid.y[i]!, domains.y), z: inBox(grid.values[i]![j]!, domains.z) });
  return paths(rows.flatMap((i) => columns.flatMap((j) => {
    // Half a facet where the border of a mixture runs across it.
    const around = corners(i, j).filter(([row, column]) => grid.possible[row]![column]! > -1e-9);
    if (around.length < 3) return [];
    const mean = around.reduce((sum, [row, column]) => sum + grid.values[row]![column]!, 0) / around.length;
    const isBeyond = around.some(([row, column]) => grid.beyond[row]![column]! > 0);
    return [{ path: `${pathOf(around.map(([row, column]) => project(point(row, column))))}Z`, stroke: isBeyond ? '#9a9a9a' : '#33505c', fill: isBeyond ? paler(colour(mean)) : colour(mean), width: 0.5 }];
  })));
}

function words(panel: Panel, grid: PlotGrid, { project, domains, ticks }: Scales): Drawn {
  const edge: Record<Name, (value: number) => Spatial> = { x: (x) => ({ x, y: -1, z: -1 }), y: (y) => ({ x: -1, y, z: -1 }), z: (z) => ({ x: -1, y: 1, z }) };
  const side = { x: { dx: 4, dy: 12, align: 'left' }, y: { dx: -4, dy: 12, align: 'right' }, z: { dx: -7, dy: 0, align: 'right' } };
  const named: Record<Name, Pick<PlotAxis, 'name' | 'unit'>> = { x: panel.x, y: panel.y, z: grid };
  const texts = (['x', 'y', 'z'] as const).flatMap((name) => {
    const { dx, dy, align } = side[name];
    const labels = ticks[name].map((tick) => {
      const { x, y } = project(edge[name](inBox(tick, domains[name])));
      return { text: tickText(tick, ticks[name]), x: x + dx, y: y + dy, align, angle: 0, weight: 400, size: SIZES.tick };
    });
    return [...labels, titleAlong(project(edge[name](-1)), project(edge[name](1)), name, titled(named[name]))];
  });
  return mark('text', texts, {
    x: { field: 'x' }, y: { field: 'y' }, text: { field: 'text' }, align: { field: 'align' }, angle: { field: 'angle' },
    fontWeight: { field: 'weight' }, fontSize: { field: 'size' }, baseline: { value: 'middle' }, fill: { value: INK },
  }, false);
}

/** Beside the middle of an edge, turned as it is. */
function titleAlong(from: Flat, to: Flat, name: Name, title: string): object {
  const [left, right] = from.x < to.x ? [from, to] : [to, from];
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const angle = name === 'z' ? -90 : (Math.atan2(right.y - left.y, right.x - left.x) * 180) / Math.PI;
  const shift = name === 'z' ? { x: -62, y: 0 } : { x: Math.sin((-angle * Math.PI) / 180) * 46, y: Math.cos((angle * Math.PI) / 180) * 46 };
  return { text: shortened(title, length, SIZES.axis * BOLD), x: (from.x + to.x) / 2 + shift.x, y: (from.y + to.y) / 2 + shift.y, align: 'center', angle, weight: 600, size: SIZES.axis };
}

function paths(values: readonly { path: string; stroke: string; fill?: string; width?: number }[]): Drawn {
  const rows = values.map((each) => ({ fill: null, width: 1, ...each }));
  return mark('path', rows, { path: { field: 'path' }, stroke: { field: 'stroke' }, strokeWidth: { field: 'width' }, fill: { field: 'fill' }, strokeJoin: { value: 'round' } }, false);
}

function pathOf(points: readonly Flat[]): string {
  return `M${points.map(({ x, y }) => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`).join('L')}`;
}

function inBox(value: number, [low, high]: readonly [number, number]): number {
  return (2 * (value - low)) / (high - low) - 1;
}

/** Two thirds of the way to white. */
function paler(colour: string): string {
  const parts = colour.match(/\d+/g)!.map(Number);
  return `rgb(${parts.slice(0, 3).map((part) => Math.round(part + (255 - part) * 0.66)).join(',')})`;
}
