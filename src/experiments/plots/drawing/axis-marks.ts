import type { Panel } from '../plot.js';
import { type PanelFrame, SIZES } from './frame.js';
import { GRID, INK } from './palette.js';
import { type Drawn, mark, pixelOf } from './series-marks.js';
import { shortened, textWidth } from './text-size.js';
import { tickText } from './ticks.js';

const AXIS = '#6e6e6e';
const TICK = 5;

interface Line {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** Grid lines: they lie under what is drawn. */
export function gridMarks(panel: Panel, frame: PanelFrame): Drawn[] {
  const { box } = frame;
  const upright = panel.x.categories ? [] : places(panel, frame, 'x').map((x) => ({ x, y: 0, x2: x, y2: box.height }));
  const level = panel.y.categories ? [] : places(panel, frame, 'y').map((y) => ({ x: 0, y, x2: box.width, y2: y }));
  return [lines([...upright, ...level], GRID)];
}

/**
 * Axes with ticks, their texts and titles. Not those of vega: without a canvas it takes text for wider than it is, and moves
 * titles out of the picture.
 */
export function axisMarks(panel: Panel, frame: PanelFrame): Drawn[] {
  const { box, showsY } = frame;
  const [atX, atY] = [places(panel, frame, 'x'), showsY ? places(panel, frame, 'y') : []];
  const textsX = texts(panel, frame, 'x').map((text, index) => ({ text, ...insideOf(text, atX[index]!, box.width), y: box.height + 14, angle: 0, weight: 400, size: SIZES.tick }));
  const textsY = showsY ? texts(panel, frame, 'y').map((text, index) => ({ text, x: -9, y: atY[index]!, align: 'right', angle: 0, weight: 400, size: SIZES.tick })) : [];
  return [
    lines([{ x: 0, y: box.height, x2: box.width, y2: box.height }, { x: 0, y: 0, x2: 0, y2: box.height }], AXIS),
    lines([...atX.map((x) => ({ x, y: box.height, x2: x, y2: box.height + TICK })), ...atY.map((y) => ({ x: -TICK, y, x2: 0, y2: y }))], AXIS),
    words([...textsX, ...textsY, ...titles(frame)]),
  ];
}

/** A long text at the right end would leave the picture. */
function insideOf(text: string, x: number, width: number): { x: number; align: string } {
  const end = width + 20;
  return x + textWidth(text, SIZES.tick) / 2 > end ? { x: end, align: 'right' } : { x, align: 'center' };
}

function titles({ box, xTitle, yTitle, labels }: PanelFrame): Word[] {
  const bold = { align: 'center', weight: 600, size: SIZES.axis };
  const left = -labels - 6 - yTitle.length * 15;
  return [
    ...xTitle.map((text, index) => ({ ...bold, text, x: box.width / 2, y: box.height + 33 + index * 15, angle: 0 })),
    ...yTitle.map((text, index) => ({ ...bold, text, x: left + index * 15, y: box.height / 2, angle: -90 })),
  ];
}

function places(panel: Panel, frame: PanelFrame, name: 'x' | 'y'): number[] {
  return frame.ticks[name].map((tick) => pixelOf(panel, frame, { [name]: tick })[name]);
}

function texts(panel: Panel, frame: PanelFrame, name: 'x' | 'y'): string[] {
  const { categories } = panel[name];
  const ticks = frame.ticks[name];
  if (!categories) return ticks.map((tick) => tickText(tick, ticks));
  const room = name === 'x' ? frame.box.width / categories.length - 4 : frame.labels - 6;
  return categories.map((text) => shortened(text, room, SIZES.tick));
}

function lines(values: readonly Line[], colour: string): Drawn {
  return mark('rule', values, { x: { field: 'x' }, y: { field: 'y' }, x2: { field: 'x2' }, y2: { field: 'y2' }, stroke: { value: colour }, strokeWidth: { value: 1 } }, false);
}

interface Word {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly align: string;
  readonly angle: number;
  readonly weight: number;
  readonly size: number;
}

function words(values: readonly Word[]): Drawn {
  return mark('text', values, {
    x: { field: 'x' },
    y: { field: 'y' },
    text: { field: 'text' },
    align: { field: 'align' },
    angle: { field: 'angle' },
    fontWeight: { field: 'weight' },
    fontSize: { field: 'size' },
    baseline: { value: 'middle' },
    fill: { value: INK },
  }, false);
}
