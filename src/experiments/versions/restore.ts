import type { ChangeSet, RowChange } from './change-set.js';
import { columnsOf, type Kind, KINDS, type Plain, RESULT, RUN, RUN_SETTING } from './kinds.js';
import { Model } from '../models/model.entity.js';
import { Result } from '../results/result.entity.js';
import { Run } from '../runs/run.entity.js';

export interface PutBack {
  /** How many rows were put back, by kind. */
  readonly restored: Readonly<Record<string, number>>;
  /** What stayed although that version did not have it: results, and what they rest on. */
  readonly kept: readonly { readonly kind: string; readonly key: string }[];
}

/**
 * Makes the rows of an experiment what they were. What was measured since stays measured, and so do the runs, responses
 * and parameters that it, or a model, rests on.
 */
export async function putBack(set: ChangeSet, changes: readonly RowChange[]): Promise<PutBack> {
  const resting = await restedOn(set);
  const isKept = ({ kind, key, after }: RowChange): boolean => kind === RESULT.name || (after === null && resting.has(`${kind}/${key}`));
  const wanted = changes.filter((change) => !isKept(change));
  const kept = changes.filter((change) => isKept(change) && change.after === null).map(({ kind, key }) => ({ kind, key }));
  for (const kind of [...KINDS].reverse()) await removeGone(set, kind, wanted);
  for (const kind of KINDS) await changeRest(set, kind, wanted);
  return { restored: counted(wanted), kept };
}

/** Rows that results and models rest on: runs with all settings, responses, and the parameters of those settings. */
async function restedOn({ tx, experiment: { id: experimentId } }: ChangeSet): Promise<Set<string>> {
  const results = await tx.find(Result, { where: { experimentId } });
  const runs = new Set(results.map(({ runId }) => runId));
  const settings = (await tx.findBy(RUN_SETTING.entity, { experimentId })).filter(({ runId }) => runs.has(runId));
  const models = await tx.find(Model, { select: { id: true, responseId: true, parameterIds: true }, where: { experimentId } });
  return new Set([
    ...models.flatMap(({ responseId, parameterIds }) => [`response/${responseId}`, ...parameterIds.map((id) => `parameter/${id}`)]),
    ...[...runs].map((id) => `run/${id}`),
    ...results.map(({ responseId }) => `response/${responseId}`),
    ...settings.flatMap(({ runId, parameterId }) => [`run-setting/${runId}/${parameterId}`, `parameter/${parameterId}`]),
    ...results.flatMap(({ settings: own }) => Object.keys(own ?? {}).map((id) => `parameter/${id}`)),
  ]);
}

async function removeGone(set: ChangeSet, kind: Kind, changes: readonly RowChange[]): Promise<void> {
  for (const { before, after } of changes.filter((change) => change.kind === kind.name)) {
    if (before && !after) await set.remove(kind, rowOf(set, kind, before));
  }
}

async function changeRest(set: ChangeSet, kind: Kind, changes: readonly RowChange[]): Promise<void> {
  const own = changes.filter((change) => change.kind === kind.name && change.after !== null);
  const updates = own.filter(({ before }) => before !== null);
  const rows = await Promise.all(updates.map(({ before }) => current(set, kind, before!)));
  await makeRoom(set, kind, rows);
  for (const [index, { after }] of updates.entries()) await set.update(kind, rows[index]!, columnsOf(set.tx, kind, await placed(set, kind, after!)));
  const inserts = own.filter(({ before }) => before === null);
  for (const { after } of inserts) await set.insert(kind, rowOf(set, kind, await placed(set, kind, after!)));
}

/** Names and numbers may have changed hands: the rows step aside before they take the new ones. */
async function makeRoom(set: ChangeSet, kind: Kind, rows: readonly object[]): Promise<void> {
  if (!kind.unique) return;
  const { column, stopgap } = kind.unique;
  for (const [index, row] of rows.entries()) await set.write(kind, row, { [column]: stopgap(row, index) });
}

/** A number that a kept run has taken since is given up for the next free one. */
async function placed(set: ChangeSet, kind: Kind, after: Plain): Promise<Plain> {
  if (kind.name !== RUN.name) return after;
  const experimentId = set.experiment.id;
  const holder = await set.tx.findOneBy(Run, { experimentId, number: after['number'] as number });
  if (!holder || holder.id === after['id']) return after;
  return { ...after, number: ((await set.tx.maximum(Run, 'number', { experimentId })) ?? 0) + 1 };
}

async function current(set: ChangeSet, kind: Kind, before: Plain): Promise<object> {
  const where = Object.fromEntries(kind.key.map((column) => [column, before[column]]));
  return (await set.tx.findOneBy(kind.entity, where))!;
}

function rowOf(set: ChangeSet, kind: Kind, plain: Plain): object {
  return Object.assign(new kind.entity(), columnsOf(set.tx, kind, plain));
}

function counted(changes: readonly RowChange[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of changes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
