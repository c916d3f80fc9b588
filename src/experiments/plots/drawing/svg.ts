import { createHash } from 'node:crypto';
import { parse, View } from 'vega';
import type { Spec } from 'vega';
import type { Plot } from '../plot.js';
import { chart } from './chart.js';
import { contourChart } from './contour-chart.js';
import type { Size } from './frame.js';
import { surfaceChart } from './surface-chart.js';

/** Draws a plot. Loads vega, so only worker threads import this. */
export async function svgOf(plot: Plot, size: Size): Promise<string> {
  return described(await markup(await specOf(plot, size)), plot, size);
}

function specOf(plot: Plot, size: Size): Spec | Promise<Spec> {
  if (plot.kind === 'contour') return contourChart(plot, size);
  return plot.kind === 'surface' ? surfaceChart(plot, size) : chart(plot, size);
}

/** Without canvas and without anything that could be fetched. */
async function markup(spec: Spec): Promise<string> {
  const view = new View(parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

/** Title and description are what screen readers say instead of the picture. */
function described(svg: string, { title, description }: Plot, { width, height }: Size): string {
  const inner = numbered(svg.slice(svg.indexOf('>') + 1));
  const name = createHash('sha256').update(inner).digest('hex').slice(0, 8);
  const body = inner.replace(CLIPS, (_, before: string, clip: string) => `${before}p${name}-${clip}`);
  return clean(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="p${name}-title p${name}-description">`
    + `<title id="p${name}-title">${escaped(title)}</title><desc id="p${name}-description">${escaped(description)}</desc>${body}`,
  );
}

const CLIPS = /(<clipPath id="|clip-path="url\(#)(clip\d+)/g;

/** Vega counts clip paths on from one picture to the next: the same plot would have another ETag, and two in a page would clip each other. */
function numbered(svg: string): string {
  const found = new Map<string, string>();
  return svg.replace(CLIPS, (_, before: string, clip: string) => {
    if (!found.has(clip)) found.set(clip, `clip${found.size + 1}`);
    return `${before}${found.get(clip)}`;
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Characters that XML forbids even when they are escaped would spoil the whole picture. */
function clean(xml: string): string {
  return xml.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
