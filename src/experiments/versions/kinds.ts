import type { EntityManager } from 'typeorm';
import { Design } from '../designs/design.entity.js';
import { Experiment } from '../experiment.entity.js';
import { LiteratureEntry } from '../literature/literature-entry.entity.js';
import { Parameter } from '../parameters/parameter.entity.js';
import { Response } from '../responses/response.entity.js';
import { Result } from '../results/result.entity.js';
import { Run, RunSetting } from '../runs/run.entity.js';

/** A row as JSON: instants are texts. */
export type Plain = Readonly<Record<string, unknown>>;

/** A kind of rows that versions of an experiment are made of. */
export interface Kind<E extends object = object> {
  readonly name: string;
  readonly entity: new () => E;
  readonly key: readonly (keyof E & string)[];
  /** Columns that belong to the row, not to what it says. */
  readonly apart: readonly string[];
  /** A column of which the database lets no two rows of an experiment have the same value. */
  readonly unique?: { readonly column: keyof E & string; readonly stopgap: (row: E, index: number) => unknown };
}

const BOOKKEEPING = ['version', 'updatedAt'];

function kind<E extends object>(given: Kind<E>): Kind<E> {
  return given;
}

export const EXPERIMENT = kind<Experiment>({ name: 'experiment', entity: Experiment, key: ['id'], apart: ['ownerId', 'createdAt', ...BOOKKEEPING] });
export const PARAMETER = kind<Parameter>({ name: 'parameter', entity: Parameter, key: ['id'], apart: BOOKKEEPING, unique: { column: 'name', stopgap: ({ id }) => `~${id}` } });
export const RESPONSE = kind<Response>({ name: 'response', entity: Response, key: ['id'], apart: BOOKKEEPING, unique: { column: 'name', stopgap: ({ id }) => `~${id}` } });
export const DESIGN = kind<Design>({ name: 'design', entity: Design, key: ['id'], apart: BOOKKEEPING });
export const RUN = kind<Run>({ name: 'run', entity: Run, key: ['id'], apart: BOOKKEEPING, unique: { column: 'number', stopgap: (_, index) => -1 - index } });
export const RUN_SETTING = kind<RunSetting>({ name: 'run-setting', entity: RunSetting, key: ['runId', 'parameterId'], apart: [] });
export const RESULT = kind<Result>({ name: 'result', entity: Result, key: ['id'], apart: BOOKKEEPING });
export const LITERATURE = kind<LiteratureEntry>({ name: 'literature', entity: LiteratureEntry, key: ['id'], apart: BOOKKEEPING });

/** What others point to comes first. */
export const KINDS: readonly Kind[] = [EXPERIMENT, PARAMETER, RESPONSE, DESIGN, RUN, RUN_SETTING, RESULT, LITERATURE] as unknown as Kind[];

export function keyOf<E extends object>({ key }: Kind<E>, row: E | Plain): string {
  return key.map((column) => String((row as Record<string, unknown>)[column])).join('/');
}

/** What a row says, as JSON. */
export function plainOf<E extends object>(db: EntityManager, { entity, apart }: Kind<E>, row: E): Plain {
  const columns = db.dataSource.getMetadata(entity).columns.filter(({ propertyName }) => !apart.includes(propertyName));
  return Object.fromEntries(
    columns.map(({ propertyName }) => {
      const value = (row as Record<string, unknown>)[propertyName];
      return [propertyName, value instanceof Date ? value.toISOString() : value];
    }),
  );
}

/** The columns that a plain row gives values for. */
export function columnsOf<E extends object>(db: EntityManager, { entity }: Kind<E>, plain: Plain): Partial<E> {
  const instants = new Set(db.dataSource.getMetadata(entity).columns.filter(({ type }) => type === 'datetime').map(({ propertyName }) => propertyName));
  return Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, instants.has(name) && typeof value === 'string' ? new Date(value) : value])) as Partial<E>;
}
