import type { Panel, Plot } from '../plot.js';
import { titled } from '../words.js';
import { BOLD, textWidth, wrapped } from './text-size.js';
import { roundSteps, tickText } from './ticks.js';

export const EDGE = 16;
export const SIZES = { title: 17, note: 12, tick: 11, axis: 12 } as const;
const LINE = { title: 22, note: 16, axis: 15 };
/** Height of a row of the legend. */
export const LEGEND_ROW = 18;
const SWATCH = 26;
const NARROWEST = 150;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export interface Words {
  readonly lines: readonly string[];
  readonly y: number;
}

/** One entry of the legend and where it stands. */
export interface LegendPlace {
  readonly text: string;
  /** Among the entries; −1 for the legend's title. */
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/** Where everything of a picture stands, in pixels. */
export interface Frame {
  readonly size: Size;
  readonly title: Words;
  readonly notes: Words;
  readonly legend: readonly LegendPlace[];
  readonly panels: readonly PanelFrame[];
}

export interface PanelFrame {
  readonly box: Box;
  readonly xTitle: readonly string[];
  /** Empty where the panel left of it has the same axis. */
  readonly yTitle: readonly string[];
  readonly showsY: boolean;
  /** Width of the texts at the y axis. */
  readonly labels: number;
  readonly ticks: { readonly x: readonly number[]; readonly y: readonly number[] };
}

/** @param right room kept beside the panels, for a key of colours */
export function frameOf(plot: Plot, size: Size, right = 0): Frame {
  const inner = size.width - 2 * EDGE;
  const title = wrapped(plot.title, inner, SIZES.title * BOLD, 3);
  const notes = plot.notes.length > 0 ? wrapped(plot.notes.join(' · '), inner, SIZES.note, 4) : [];
  const notesY = EDGE + title.length * LINE.title;
  const legendY = notesY + notes.length * LINE.note + 8;
  const legend = legendPlaces(plot, inner, legendY);
  const top = Math.max(legendY, ...legend.map(({ y }) => y + LEGEND_ROW + 6));
  const area = { x: EDGE, y: top, width: inner - right, height: size.height - EDGE - top };
  return { size, title: { lines: title, y: EDGE }, notes: { lines: notes, y: notesY }, legend, panels: panelFrames(plot.panels, area) };
}

function legendPlaces({ legend }: Plot, inner: number, top: number): LegendPlace[] {
  if (!legend) return [];
  const items = [...(legend.title ? [{ text: `${legend.title}:`, index: -1 }] : []), ...legend.entries.map((text, index) => ({ text, index }))];
  let [x, y] = [EDGE, top];
  return items.map((item) => {
    const width = textWidth(item.text, SIZES.note) + (item.index < 0 ? 10 : SWATCH + 22);
    if (x > EDGE && x + width > EDGE + inner) [x, y] = [EDGE, y + LEGEND_ROW];
    const place = { ...item, x, y };
    x += width;
    return place;
  });
}

function panelFrames(panels: readonly Panel[], area: Box): PanelFrame[] {
  const columns = columnsFor(panels.length, area);
  const rows = Math.ceil(panels.length / columns);
  const header = panels.some(({ series }) => series.some(({ type, points }) => type === 'rule' && points.some(({ x }) => x !== undefined))) ? 30 : 8;
  const outer = { width: area.width / columns, height: area.height / rows };
  const yTicks = panels.map((panel) => ticksOf(panel.y, Math.max(40, outer.height - 60), 40));
  const labels = Math.max(...panels.map((panel, index) => labelWidth(panel, yTicks[index]!, area.width)));
  const yTitle = wrapped(titled(panels[0]!.y), Math.max(60, outer.height - 40), SIZES.axis * BOLD, 2);
  const left = labels + yTitle.length * LINE.axis + 18;
  const gutter = 34;
  const width = (area.width - left - (columns - 1) * gutter - 12) / columns;
  const xTitles = panels.map(({ x }) => wrapped(titled(x), width, SIZES.axis * BOLD, 3));
  const bottom = 26 + Math.max(...xTitles.map(({ length }) => length)) * LINE.axis + 4;
  return panels.map((panel, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const box = whole({ x: area.x + left + column * (width + gutter), y: area.y + row * outer.height + header, width, height: Math.max(30, outer.height - header - bottom) });
    const ticks = { x: ticksOf(panel.x, width, 62), y: yTicks[index]! };
    return { box, xTitle: xTitles[index]!, yTitle: column === 0 ? yTitle : [], showsY: column === 0, labels, ticks };
  });
}

/** Edges between pixels are blurred, and what is covered shines through. */
function whole({ x, y, width, height }: Box): Box {
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}

/** As many beside each other as leaves panels about as high as wide. */
function columnsFor(count: number, { width, height }: Size): number {
  const wanted = Math.ceil(Math.sqrt((count * width) / Math.max(1, height) / 1.1));
  const rows = Math.ceil(count / Math.max(1, Math.min(count, wanted, Math.floor(width / NARROWEST))));
  return Math.ceil(count / rows);
}

function ticksOf({ domain, categories, counts }: Panel['x'], pixels: number, each: number): number[] {
  if (categories) return categories.map((_, index) => index);
  const ticks = roundSteps(domain![0], domain![1], Math.max(3, Math.floor(pixels / each)), counts);
  const widest = Math.max(...ticks.map((tick) => textWidth(tickText(tick, ticks), SIZES.tick)));
  return each > 50 && widest * 1.3 > pixels / ticks.length ? roundSteps(domain![0], domain![1], Math.max(1, Math.floor(pixels / (widest * 1.6))), counts) : ticks;
}

function labelWidth({ y }: Panel, ticks: readonly number[], width: number): number {
  const texts = y.categories ?? ticks.map((tick) => tickText(tick, ticks));
  return Math.min(width * 0.4, Math.max(...texts.map((text) => textWidth(text, SIZES.tick)))) + 6;
}
