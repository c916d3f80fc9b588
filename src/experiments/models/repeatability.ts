import type { ModelFigures, ModelRow } from './figures.js';

/** What repeats of the same run differ by, pooled over the runs, on the scale of the measurement. */
export function repeatability(rows: readonly ModelRow[]): ModelFigures['repeatability'] {
  const byRun = new Map<string, number[]>();
  for (const { runId, values } of rows) if (runId !== null) byRun.set(runId, [...(byRun.get(runId) ?? []), ...values]);
  const groups = [...byRun.values()];
  const df = groups.reduce((sum, values) => sum + values.length - 1, 0);
  if (df === 0) return null;
  const variance = groups.reduce((sum, values) => sum + squaresAboutMean(values), 0) / df;
  return { df, variance, sd: Math.sqrt(variance) };
}

function squaresAboutMean(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
