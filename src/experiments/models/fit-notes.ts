import type { Fit } from '../analysis/fit.js';
import type { ModelData, ModelSpec, Note } from './figures.js';

/** What whoever reads the figures should know, with what to change. */
export function fitNotes(fit: Fit, spec: ModelSpec, data: ModelData): Note[] {
  return [...constantFactors(fit, data), ...rankNotes(fit), ...freedomNotes(fit), ...scaleNotes(spec)];
}

function constantFactors(fit: Fit, { factors, rows }: ModelData): Note[] {
  const used = new Set(fit.request.terms.flatMap(({ parts }) => parts.map(({ factor }) => factor)));
  return factors.flatMap(({ name }, index) => {
    const first = rows[0]!.settings[index];
    if (!used.has(name) || rows.some(({ settings }) => settings[index] !== first)) return [];
    return [{ about: 'coefficients', code: 'constant-factor', detail: `${name} was ${first} in every row, so it has no effect to find; vary it, or leave its terms out.` }];
  });
}

function rankNotes(fit: Fit): Note[] {
  const { aliased } = fit.solution;
  if (aliased.length === 0) return [];
  const columns = fit.model.columns.length;
  const why = fit.n < columns ? `There are ${fit.n} rows for ${columns} coefficients` : 'Some terms vary together in every row';
  return [{ about: 'coefficients', code: 'aliased', detail: `${why}: ${aliased.length} of them cannot be told from others. Aliases say from which; add runs that separate them, or drop terms.` }];
}

function freedomNotes(fit: Fit): Note[] {
  if (fit.df === 0) return [{ about: 'coefficients', code: 'saturated', detail: 'The model uses up all rows and leaves nothing to judge its coefficients by: there are no standard errors and tests. Add runs or drop terms; for effects see the half-normal order and Lenth\'s margins.' }];
  if (fit.variance === null) return [{ about: 'coefficients', code: 'exact', detail: 'The model goes through every row exactly, so there is no error to test against; check whether the results are measured values.' }];
  return [];
}

function scaleNotes({ transform }: ModelSpec): Note[] {
  if (transform === 'none') return [];
  return [{ about: 'scale', code: 'transformed', detail: `All figures are on the scale of ${transform}; predictions are turned back, and what they then give is a median.` }];
}
