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
  const inner = svg.slice(svg.indexOf('>') + 1);
  return clean(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="plot-title plot-description">`
    + `<title id="plot-title">${escaped(title)}</title><desc id="plot-description">${escaped(description)}</desc>${inner}`,
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Characters that XML forbids even when they are escaped would spoil the whole picture. */
function clean(xml: string): string {
  return xml.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
