import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { DesignRefused } from '../design/design.errors.js';
import { codedRun, type Factor, type Setting } from '../factors.js';
import { factorOf, type Parameter } from '../parameters/parameter.entity.js';
import { Run } from '../runs/run.entity.js';
import { withSettings } from '../runs/run-settings.js';

export interface CodedRun {
  readonly run: Run;
  readonly coded: Setting[];
}

export function factorsOf(parameters: readonly Parameter[]): Factor[] {
  return parameters.map((parameter) => factorOf(parameter));
}

/** Runs in coded units, as they were really set where that is known. */
export async function codedRuns(db: EntityManager, experimentId: string, parameters: readonly Parameter[], which: FindOptionsWhere<Run> = {}): Promise<CodedRun[]> {
  const factors = factorsOf(parameters);
  const runs = await withSettings(db, await db.find(Run, { where: { experimentId, ...which }, order: { number: 'ASC' } }));
  return runs.map(({ run, planned, actual }) => {
    const settings = { ...planned, ...actual };
    const missing = parameters.find(({ id }) => !Object.hasOwn(settings, id));
    if (missing) throw new DesignRefused('run-incomplete', `Run ${run.number} has no value of ${missing.name}; set it in the run.`);
    return { run, coded: codedRun(factors, parameters.map(({ id }) => settings[id]!)) };
  });
}
