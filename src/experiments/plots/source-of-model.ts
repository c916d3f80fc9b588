import type { ModelContents, ModelSpec } from '../models/figures.js';
import type { PlotSource } from './plot-source.js';

const NOTHING = { fitted: NaN, standardized: null, studentized: null };

/** What plots need to know of a stored model. */
export function sourceOf({ data, figures }: ModelContents, spec: ModelSpec): PlotSource {
  const byRow = new Map(figures.diagnostics.map((each) => [each.row, each]));
  return {
    response: data.response,
    transform: spec.transform,
    factors: data.factors,
    predictor: figures.predictor,
    runs: data.rows.map(({ run, settings, value }, row) => {
      const name = byRow.get(row)?.label ?? (run === null ? `row ${row + 1}` : `run ${run}`);
      return { name, label: run === null ? name : String(run), order: run, settings, measured: value };
    }),
    effects: figures.effects?.pareto ?? [],
    diagnostics: data.rows.map((_, row) => byRow.get(row) ?? NOTHING),
  };
}
