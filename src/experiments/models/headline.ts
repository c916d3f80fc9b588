import type { ModelContents } from './figures.js';
import type { ModelHeadline } from './model.entity.js';

export function headlineOf({ data, figures: { terms, summary } }: ModelContents): ModelHeadline {
  const { parameters, residual, r2, adjR2, predR2, certifiedDigits } = summary;
  return { terms, rows: data.rows.length, parameters, residualDf: residual.df, sd: residual.sd, r2, adjR2, predR2, certifiedDigits };
}
