import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { ViewOnly } from '../experiments.problems.js';
import { parametersOf } from '../parameters/parameters.service.js';
import { responsesOf } from '../responses/responses.service.js';
import { addResults, currentResults } from '../results/results.service.js';
import { Run } from '../runs/run.entity.js';
import { replaceSettings, withSettings } from '../runs/run-settings.js';
import type { ChangeSet } from '../versions/change-set.js';
import { RUN } from '../versions/kinds.js';
import { type RowFlaw, readSheet, type Sheet } from './sheet.js';
import { columnsOf } from './sheet-columns.js';
import { type Known, placeKey, SheetRows } from './sheet-rows.js';
import { SheetRefused } from './sheets.problems.js';

/** What became of a sheet, or would become. */
export interface ImportReport {
  readonly dryRun: boolean;
  readonly rows: number;
  readonly results: number;
  readonly observations: number;
  readonly runs: number;
  readonly unchanged: number;
  readonly empty: number;
  readonly failed: number;
  readonly errors: readonly RowFlaw[];
  readonly errorsTruncated: boolean;
}

const ERRORS_TOLD = 100;
const ROWS_A_TURN = 500;

/** Carries a dry run out of its transaction, so that nothing of it stays. */
class RolledBack extends Error {
  constructor(readonly report: ImportReport) {
    super();
  }
}

/** Measured values from a sheet that a laboratory filled in: all of it or nothing. */
@Injectable()
export class ResultsImport {
  constructor(private readonly desk: ExperimentsDesk) {}

  async import(actor: Actor, experimentId: string, file: AsyncIterable<Buffer>, repeat?: IdempotentRequest): Promise<ImportReport> {
    const sheet = await this.read(actor, experimentId, file);
    return this.desk.change(actor, experimentId, { action: 'results.import', repeat: repeat && { ...repeat, body: sheet.digest } }, async (set) => {
      const report = await carryOut(set, sheet, false);
      if (report.failed > 0) throw new SheetRefused(report);
      return report;
    });
  }

  /** The same, and then it is undone. */
  async tryOut(actor: Actor, experimentId: string, file: AsyncIterable<Buffer>): Promise<ImportReport> {
    const sheet = await this.read(actor, experimentId, file);
    try {
      return await this.desk.change(actor, experimentId, { action: 'results.import' }, async (set) => {
        throw new RolledBack(await carryOut(set, sheet, true));
      });
    } catch (error) {
      if (error instanceof RolledBack) return error.report;
      throw error;
    }
  }

  private async read(actor: Actor, experimentId: string, file: AsyncIterable<Buffer>): Promise<Sheet> {
    const { role } = await this.desk.view(actor, experimentId);
    if (role === 'viewer') throw new ViewOnly();
    return readSheet(file);
  }
}

async function carryOut(set: ChangeSet, { header, rows }: Sheet, dryRun: boolean): Promise<ImportReport> {
  const known = await knownIn(set);
  const reader = new SheetRows(columnsOf(header, known), known);
  const errors: RowFlaw[] = [];
  let flaws = 0;
  for (const [index, row] of rows.entries()) {
    const found = reader.read(row);
    flaws += found.length;
    errors.push(...found.slice(0, ERRORS_TOLD - errors.length));
    if (index % ROWS_A_TURN === ROWS_A_TURN - 1) await breathe();
  }
  if (flaws === 0) await write(set, reader, known);
  return { dryRun, ...reader.counts, results: reader.results.length, runs: runsIn(reader), errors, errorsTruncated: flaws > errors.length };
}

async function knownIn({ tx, experiment: { id: experimentId } }: ChangeSet): Promise<Known> {
  const [parameters, responses, runs] = await Promise.all([parametersOf(tx, experimentId), responsesOf(tx, experimentId), tx.findBy(Run, { experimentId })]);
  const sets = await withSettings(tx, runs);
  const values = (await currentResults(tx, experimentId)).flatMap(({ runId, responseId, repeat, value }) => (runId === null ? [] : [[placeKey(runId, responseId, repeat), value] as const]));
  return { parameters, responses, runs: new Map(sets.map((each) => [each.run.number, each])), values: new Map(values) };
}

/** How it really was before what came of it: a run that failed is not made by having a value. */
async function write(set: ChangeSet, { notes, results }: SheetRows, { runs }: Known): Promise<void> {
  for (const [run, { actual, ...change }] of notes) {
    const { planned, actual: before } = runs.get(run.number)!;
    const really = Object.entries({ ...before, ...actual }).filter(([id, value]) => planned[id] !== value);
    if (Object.keys(actual).length > 0) await replaceSettings(set, run, planned, Object.fromEntries(really));
    await set.update(RUN, run, change);
  }
  if (results.length > 0) await addResults(set, results);
}

function runsIn({ results, notes }: SheetRows): number {
  return new Set([...results.flatMap(({ run }) => (run === undefined ? [] : [run])), ...[...notes.keys()].map(({ id }) => id)]).size;
}
