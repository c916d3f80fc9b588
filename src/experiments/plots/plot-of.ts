import { contour } from './contour.js';
import { halfNormalPlot, paretoPlot } from './effect-plots.js';
import { interaction } from './interaction.js';
import { mainEffects } from './main-effects.js';
import type { Plot, PlotKind } from './plot.js';
import type { PlotQuery, PlotSource } from './plot-source.js';
import { predictedPlot, residuals } from './residuals.js';

const PLOTS: Record<PlotKind, (source: PlotSource, query: PlotQuery) => Plot> = {
  'main-effects': mainEffects,
  interaction,
  contour,
  surface: contour,
  residuals,
  predicted: predictedPlot,
  'half-normal': halfNormalPlot,
  pareto: paretoPlot,
};

/** The numbers and words of a plot. */
export function plotOf(source: PlotSource, query: PlotQuery): Plot {
  return PLOTS[query.kind](source, query);
}
