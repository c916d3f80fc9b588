import type { Mark, Scale } from 'vega';
import type { Panel, PlotAxis } from '../plot.js';
import { axisMarks, gridMarks } from './axis-marks.js';
import type { PanelFrame } from './frame.js';
import type { Drawn } from './series-marks.js';

/** A panel with its scales and axes. A filled one has no grid lines. */
export function panelGroup(panel: Panel, frame: PanelFrame, drawn: readonly Drawn[]): Mark {
  const { box } = frame;
  const under = panel.grid ? [] : gridMarks(panel, frame);
  return groupOf([...under, ...drawn, ...axisMarks(panel, frame)], {
    encode: { enter: { x: { value: box.x }, y: { value: box.y }, width: { value: box.width }, height: { value: box.height } } },
    scales: [scale('x', panel.x, [0, box.width]), scale('y', panel.y, panel.y.categories ? [0, box.height] : [box.height, 0])],
  });
}

/** Every mark gets the rows that belong to it, by names that hold within the group. */
export function groupOf(drawn: readonly Drawn[], rest: object): Mark {
  return {
    type: 'group',
    aria: false,
    ...rest,
    data: drawn.map(({ values }, index) => ({ name: `rows${index}`, values: [...values] })),
    marks: drawn.map(({ mark }, index) => ({ ...mark, aria: false, from: { data: `rows${index}` } })),
  } as Mark;
}

function scale(name: 'x' | 'y', { domain, categories }: PlotAxis, range: [number, number]): Scale {
  if (domain) return { name, type: 'linear', domain: [...domain], range, zero: false, nice: false };
  const places = categories!.map((_, index) => index);
  return name === 'y' ? { name, type: 'band', domain: places, range } : { name, type: 'point', domain: places, range, padding: 0.5 };
}
