import type { Panel, Plot, PlotPoint, Series } from '../plot.js';
import type { PanelFrame } from './frame.js';
import { placeLabels } from './labels.js';
import { colourOf, dashOf, INK, QUIET, shapeOf } from './palette.js';

/** A mark of vega with the rows that it draws, one each. */
export interface Drawn {
  readonly mark: { readonly type: string; readonly clip: boolean; readonly encode: { readonly enter: object } };
  readonly values: readonly object[];
}

/** Of a point that is drawn; lines over names stand beside each other, so that their bars can be told apart. */
interface Look {
  readonly colour: string;
  readonly dash: number[];
  readonly shape: string;
  readonly shift: number;
  readonly lone: boolean;
}

/** What is drawn in a panel, in the order of the series. Texts are data, never expressions. */
export function seriesMarks(plot: Plot, panel: Panel, frame: PanelFrame): Drawn[] {
  const marks = panel.series.flatMap((series) => marksOf(series, lookOf(plot, panel, series), panel, frame));
  return [...marks, ...labelMarks(panel, frame)];
}

/** The pixel of a point within its panel. */
export function pixelOf(panel: Panel, { box }: PanelFrame, { x = 0, y = 0 }: PlotPoint): { x: number; y: number } {
  const along = (value: number, [low, high]: readonly [number, number]): number => (value - low) / (high - low);
  const across = panel.x.domain ? along(x, panel.x.domain) : (x + 0.5) / panel.x.categories!.length;
  const up = panel.y.domain ? along(y, panel.y.domain) : 1 - (y + 0.5) / panel.y.categories!.length;
  return { x: across * box.width, y: (1 - up) * box.height };
}

function lookOf({ legend }: Plot, panel: Panel, { key }: Series): Look {
  const index = key === undefined ? 0 : Math.max(0, legend?.entries.indexOf(key) ?? 0);
  const count = legend?.entries.length ?? 1;
  const dodged = panel.x.categories !== null && panel.y.categories === null;
  return { colour: colourOf(index), dash: dashOf(index), shape: shapeOf(index), shift: dodged ? (index - (count - 1) / 2) * 9 : 0, lone: count < 2 };
}

function marksOf(series: Series, look: Look, panel: Panel, frame: PanelFrame): Drawn[] {
  const { points } = series;
  const x = { scale: 'x', field: 'x', ...(panel.x.categories && { offset: look.shift }) };
  const y = { scale: 'y', field: 'y' };
  switch (series.type) {
    case 'line':
      return [mark('line', points, { x, y, stroke: { value: look.colour }, strokeWidth: { value: 2 }, strokeDash: { value: look.dash }, strokeCap: { value: 'round' } })];
    case 'guide':
      return [mark('line', points, { x, y, stroke: { value: '#8a8a8a' }, strokeWidth: { value: 1.2 } })];
    case 'band':
      return [mark('area', points, { x, y: { scale: 'y', field: 'upper' }, y2: { scale: 'y', field: 'lower' }, fill: { value: look.colour }, fillOpacity: { value: look.lone ? 0.16 : 0.12 } })];
    case 'intervals':
      return [
        mark('rule', points, { x, y: { scale: 'y', field: 'upper' }, y2: { scale: 'y', field: 'lower' }, stroke: { value: look.colour }, strokeWidth: { value: 1.5 } }),
        ...(['upper', 'lower'] as const).map((field) => mark('symbol', points, { x, y: { scale: 'y', field }, shape: { value: 'stroke' }, size: { value: 80 }, stroke: { value: look.colour }, strokeWidth: { value: 1.5 } })),
      ];
    case 'points':
      return [mark('symbol', points, { x, y, shape: { value: look.shape }, size: { value: 62 }, fill: { value: look.colour }, stroke: { value: '#fff' }, strokeWidth: { value: 0.8 } }, false)];
    case 'bars':
      return barMarks(points, look);
    case 'rule':
      return ruleMarks(points, frame);
  }
}

function barMarks(points: readonly PlotPoint[], { colour }: Look): Drawn[] {
  const y = { scale: 'y', field: 'y', band: 0.12 };
  return [mark('rect', points, { x: { scale: 'x', value: 0 }, x2: { scale: 'x', field: 'x' }, y, height: { scale: 'y', band: 0.76 }, fill: { value: colour } })];
}

/** The names of upright lines stand above the panel, each on a line of its own. */
function ruleMarks(points: readonly PlotPoint[], { box }: PanelFrame): Drawn[] {
  const upright = points.filter(({ x }) => x !== undefined);
  const level = points.filter(({ y }) => y !== undefined);
  const stroke = { stroke: { value: QUIET }, strokeWidth: { value: 1.3 }, strokeDash: { value: [5, 4] } };
  return [
    ...(upright.length > 0 ? [mark('rule', upright, { x: { scale: 'x', field: 'x' }, y: { value: 0 }, y2: { value: box.height }, ...stroke }, false)] : []),
    ...(level.length > 0 ? [mark('rule', level, { x: { value: 0 }, x2: { value: box.width }, y: { scale: 'y', field: 'y' }, ...stroke }, false)] : []),
  ];
}

function labelMarks(panel: Panel, frame: PanelFrame): Drawn[] {
  const points = panel.series.filter(({ type }) => type === 'points').flatMap((series) => series.points);
  const labelled = points.filter(({ label }) => label !== undefined).sort((a, b) => Math.abs(b.y ?? 0) - Math.abs(a.y ?? 0));
  const placed = placeLabels(labelled.map((point) => ({ ...pixelOf(panel, frame, point), text: point.label! })), points.map((point) => pixelOf(panel, frame, point)), frame.box);
  return [
    ...(placed.length > 0 ? haloed(placed) : []),
    ...panel.series.filter(({ type }) => type === 'bars').flatMap((series) => barLabels(panel, frame, series)),
    ...ruleLabels(panel, frame),
  ];
}

function barLabels(panel: Panel, frame: PanelFrame, { points }: Series): Drawn[] {
  const texts = points.map((point) => {
    const at = pixelOf(panel, frame, point);
    return { x: at.x + 5, y: at.y, text: point.label ?? '', align: 'left' };
  });
  return haloed(texts);
}

function ruleLabels(panel: Panel, frame: PanelFrame): Drawn[] {
  const rules = panel.series.filter(({ type }) => type === 'rule').flatMap(({ points }) => points).filter(({ label }) => label !== undefined);
  const texts = rules.map((point, index) => {
    const at = pixelOf(panel, frame, point);
    if (point.x === undefined) return { x: frame.box.width - 4, y: at.y - 8, text: point.label!, align: 'right' as const };
    const align = at.x > frame.box.width - 50 ? 'right' as const : 'center' as const;
    return { x: align === 'right' ? Math.min(frame.box.width, at.x + 20) : at.x, y: -7 - index * 13, text: point.label!, align };
  });
  return texts.length > 0 ? [textMark(texts)] : [];
}

/** Text that stays readable on lines and colours. */
export function haloed(values: readonly { x: number; y: number; text: string; align: string; fill?: string }[]): Drawn[] {
  const text = textMark(values);
  const halo: Drawn = { ...text, mark: { ...text.mark, encode: { enter: { ...text.mark.encode.enter, stroke: { value: '#fff' }, strokeWidth: { value: 3 }, strokeJoin: { value: 'round' } } } } };
  return [halo, text];
}

export function textMark(values: readonly { x: number; y: number; text: string; align: string; fill?: string }[], size = 11): Drawn {
  return mark('text', values.map((each) => ({ fill: INK, ...each })), {
    x: { field: 'x' },
    y: { field: 'y' },
    text: { field: 'text' },
    align: { field: 'align' },
    baseline: { value: 'middle' },
    fill: { field: 'fill' },
    fontSize: { value: size },
  }, false);
}

/** Clipped at the edge of its panel unless something may stand out of it. */
export function mark(type: 'line' | 'area' | 'rule' | 'symbol' | 'rect' | 'text' | 'path', values: readonly object[], enter: object, clip = true): Drawn {
  return { values, mark: { type, clip, encode: { enter } } };
}
