import { inflateSync } from 'node:zlib';
import type { ModelContents, ModelSpec } from '../models/figures.js';
import { plotOf } from './plot-of.js';
import type { PlotQuery } from './plot-source.js';
import { sizeFor } from './plot-size.js';
import { sourceOf } from './source-of-model.js';

/** What a worker thread needs to draw a plot. The model stays packed: large ones take milliseconds to read. */
export interface PlotOrder {
  /** `ModelContents` as deflated JSON. */
  readonly contents: Uint8Array;
  readonly spec: ModelSpec;
  readonly query: PlotQuery;
  readonly width: number | null;
  readonly height: number | null;
  readonly as: 'svg' | 'json';
}

/** The text of the answer. */
export async function plotTask({ contents, spec, query, width, height, as }: PlotOrder): Promise<string> {
  const plot = plotOf(sourceOf(JSON.parse(inflateSync(contents).toString()) as ModelContents, spec), query);
  if (as === 'json') return JSON.stringify(plot);
  const { svgOf } = await import('./drawing/svg.js');
  return svgOf(plot, sizeFor(plot, width, height));
}
