import type { Mark, Spec } from 'vega';
import type { Plot } from '../plot.js';
import { EDGE, type Frame, frameOf, type Size, SIZES } from './frame.js';
import { legendMarks } from './legend-marks.js';
import { INK, QUIET } from './palette.js';
import { groupOf, panelGroup } from './panel-group.js';
import { type Drawn, seriesMarks, textMark } from './series-marks.js';

/** A picture of a plot that has no grid. */
export function chart(plot: Plot, size: Size): Spec {
  const frame = frameOf(plot, size);
  return sheet(plot, frame, plot.panels.map((panel, index) => panelGroup(panel, frame.panels[index]!, seriesMarks(plot, panel, frame.panels[index]!))));
}

/** A white sheet with title, notes and legend above what is drawn. */
export function sheet(plot: Plot, frame: Frame, marks: readonly Mark[]): Spec {
  return {
    width: frame.size.width,
    height: frame.size.height,
    padding: 0,
    autosize: 'none',
    background: '#ffffff',
    marks: [groupOf([...heading(frame), ...legendMarks(plot, frame)], {}), ...marks],
  };
}

function heading({ title, notes }: Frame): Drawn[] {
  const titles = title.lines.map((text, index) => ({ text, x: EDGE, y: title.y + 9 + index * 22, align: 'left', fill: INK }));
  const small = notes.lines.map((text, index) => ({ text, x: EDGE, y: notes.y + 8 + index * 16, align: 'left', fill: QUIET }));
  const bold = textMark(titles, SIZES.title);
  const heavy: Drawn = { ...bold, mark: { ...bold.mark, encode: { enter: { ...bold.mark.encode.enter, fontWeight: { value: 600 } } } } };
  return [heavy, ...(small.length > 0 ? [textMark(small, SIZES.note)] : [])];
}
