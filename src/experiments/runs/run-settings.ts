import type { EntityManager } from 'typeorm';
import type { Setting } from '../factors.js';
import type { SettingsById } from '../named-settings.js';
import type { ChangeSet } from '../versions/change-set.js';
import { RUN_SETTING } from '../versions/kinds.js';
import { type Run, RunSetting } from './run.entity.js';

/** A run with what its parameters were set to, by parameter id. */
export interface SetRun {
  readonly run: Run;
  readonly planned: SettingsById;
  /** Where a value came out otherwise than planned. */
  readonly actual: SettingsById;
}

type SettingValues = Pick<RunSetting, 'runId' | 'parameterId' | 'plannedNumber' | 'plannedLevel' | 'actualNumber' | 'actualLevel'>;

/** Settings are read as plain rows: an experiment may have tens of thousands, and entities of so many hold everybody up. */
export async function withSettings(db: EntityManager, runs: readonly Run[]): Promise<SetRun[]> {
  if (runs.length === 0) return [];
  const query = db.createQueryBuilder(RunSetting, 'row').where('row.experimentId = :experimentId', { experimentId: runs[0]!.experimentId });
  if (runs.length <= 1000) query.andWhere('row.runId IN (:...ids)', { ids: runs.map(({ id }) => id) });
  for (const [index, column] of COLUMNS.entries()) query[index === 0 ? 'select' : 'addSelect'](`row.${column}`, column);
  return settingsOfRuns(runs, await query.getRawMany<SettingValues>());
}

const COLUMNS = ['runId', 'parameterId', 'plannedNumber', 'plannedLevel', 'actualNumber', 'actualLevel'] as const;

export function settingsOfRuns(runs: readonly Run[], rows: readonly SettingValues[]): SetRun[] {
  const byRun = new Map(runs.map(({ id }) => [id, [] as SettingValues[]]));
  for (const row of rows) byRun.get(row.runId)?.push(row);
  return runs.map((run) => {
    const own = byRun.get(run.id) ?? [];
    return { run, planned: valuesOf(own, plannedValue), actual: valuesOf(own, actualValue) };
  });
}

export function settingRows(run: Run, planned: SettingsById, actual: SettingsById = {}): RunSetting[] {
  return Object.entries(planned).map(([parameterId, value]) => Object.assign(new RunSetting(), { runId: run.id, parameterId, experimentId: run.experimentId }, plannedColumns(value), actualColumns(actual[parameterId])));
}

/** Makes the rows of a run say this and nothing else. */
export async function replaceSettings(set: ChangeSet, run: Run, planned: SettingsById, actual: SettingsById): Promise<void> {
  const before = new Map((await set.tx.findBy(RunSetting, { experimentId: run.experimentId, runId: run.id })).map((row) => [row.parameterId, row]));
  for (const row of settingRows(run, planned, actual)) {
    const old = before.get(row.parameterId);
    before.delete(row.parameterId);
    const { plannedNumber, plannedLevel, actualNumber, actualLevel } = row;
    if (old) await set.update(RUN_SETTING, old, { plannedNumber, plannedLevel, actualNumber, actualLevel });
    else await set.insert(RUN_SETTING, row);
  }
  for (const row of before.values()) await set.remove(RUN_SETTING, row);
}

function valuesOf(rows: readonly SettingValues[], value: (row: SettingValues) => Setting | null): Record<string, Setting> {
  return Object.fromEntries(rows.flatMap((row) => {
    const found = value(row);
    return found === null ? [] : [[row.parameterId, found]];
  }));
}

const plannedValue = ({ plannedNumber, plannedLevel }: SettingValues): Setting | null => plannedNumber ?? plannedLevel;
const actualValue = ({ actualNumber, actualLevel }: SettingValues): Setting | null => actualNumber ?? actualLevel;

function plannedColumns(value: Setting): Partial<RunSetting> {
  return typeof value === 'number' ? { plannedNumber: value, plannedLevel: null } : { plannedNumber: null, plannedLevel: value };
}

function actualColumns(value: Setting | undefined): Partial<RunSetting> {
  if (value === undefined) return { actualNumber: null, actualLevel: null };
  return typeof value === 'number' ? { actualNumber: value, actualLevel: null } : { actualNumber: null, actualLevel: value };
}
