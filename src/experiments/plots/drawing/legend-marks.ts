import type { Plot, SeriesType } from '../plot.js';
import { type Frame, SIZES } from './frame.js';
import { colourOf, dashOf, INK, QUIET, shapeOf } from './palette.js';
import { type Drawn, mark, textMark } from './series-marks.js';

/** A sample of line, point or bar before each entry, as it looks in the panels. */
export function legendMarks(plot: Plot, { legend }: Frame): Drawn[] {
  const entries = legend.filter(({ index }) => index >= 0);
  const has = (key: string, ...types: SeriesType[]): boolean => plot.panels.some(({ series }) => series.some((each) => each.key === key && types.includes(each.type)));
  const samples = entries.flatMap(({ text, index, x, y }): Drawn[] => {
    const middle = y + 9;
    const colour = { value: colourOf(index) };
    const at = [{ x, y: middle }];
    const place = { x: { field: 'x' }, y: { field: 'y' } };
    return [
      ...(has(text, 'line') ? [mark('rule', at, { ...place, x2: { value: x + 24 }, stroke: colour, strokeWidth: { value: 2 }, strokeDash: { value: dashOf(index) } }, false)] : []),
      ...(has(text, 'points') ? [mark('symbol', at, { x: { value: x + 12 }, y: place.y, shape: { value: shapeOf(index) }, size: { value: 62 }, fill: colour }, false)] : []),
      ...(has(text, 'bars') ? [mark('rect', at, { x: { value: x + 4 }, width: { value: 16 }, y: { value: middle - 6 }, height: { value: 12 }, fill: colour }, false)] : []),
      ...(has(text, 'line', 'points', 'bars') ? [] : hatchSample(x, middle)),
    ];
  });
  const texts = legend.map(({ text, index, x, y }) => ({ text, x: index < 0 ? x : x + 30, y: y + 9.5, align: 'left', fill: index < 0 ? QUIET : INK }));
  return [...samples, ...(texts.length > 0 ? [textMark(texts, SIZES.note)] : [])];
}

/** An entry without series of its own stands for the hatched region. */
function hatchSample(x: number, middle: number): Drawn[] {
  const lines = [0, 6, 12, 18].map((shift) => ({ x: x + shift, y: middle + 6, x2: x + shift + 8, y2: middle - 6 }));
  return [mark('rule', lines, { x: { field: 'x' }, y: { field: 'y' }, x2: { field: 'x2' }, y2: { field: 'y2' }, stroke: { value: QUIET }, strokeWidth: { value: 1 } }, false)];
}
