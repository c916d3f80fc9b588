import { LiteratureEntry } from '../literature/literature-entry.entity.js';
import type { ModelSources } from '../models/model-sources.js';
import { Parameter } from '../parameters/parameter.entity.js';
import { Response } from '../responses/response.entity.js';
import { Result } from '../results/result.entity.js';
import { newestOf } from '../results/results.service.js';
import { Run, RunSetting } from '../runs/run.entity.js';
import { settingsOfRuns } from '../runs/run-settings.js';
import type { History } from './history.js';

/** All that a model can be fitted to, in the order in which the database gives it. */
export function sourcesOf(history: History): ModelSources {
  const rows = <E extends object>(kind: string, entity: new () => E, ...order: (keyof E)[]): E[] => {
    const found = history.rows<object>(kind).map((row) => Object.assign(new entity(), row));
    return found.sort((a, b) => order.map((column) => (a[column] < b[column] ? -1 : a[column] > b[column] ? 1 : 0)).find((sign) => sign !== 0) ?? 0);
  };
  return {
    parameters: rows('parameter', Parameter, 'position', 'id'),
    responses: rows('response', Response, 'position', 'id'),
    runs: settingsOfRuns(rows('run', Run, 'number'), rows('run-setting', RunSetting)),
    results: newestOf(rows('result', Result, 'id')),
    literature: rows('literature', LiteratureEntry, 'id'),
  };
}
