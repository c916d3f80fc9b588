import type { ModelContents, ModelSpec } from '../models/figures.js';
import type { PlotSource } from './plot-source.js';

const NOTHING = { fitted: NaN, standardized: null, studentized: null };

/** What plots need to know of a stored model. */
export function sourceOf({ data, figures }: ModelContents, spec: ModelSpec): PlotSource {
  const errors = new Map(figures.coefficients.map(({ term, standardError }) => [term, standardError]));
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
    // Twice the coefficient, so twice its standard error.
    effects: (figures.effects?.pareto ?? []).map((effect) => ({ ...effect, standardError: twice(errors.get(effect.term)) })),
    diagnostics: data.rows.map((_, row) => byRow.get(row) ?? NOTHING),
  };
}

function twice(error: number | null | undefined): number | null {
  return error === null || error === undefined ? null : 2 * error;
}
