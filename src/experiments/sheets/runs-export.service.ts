import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { csvLines } from '../../platform/csv/cells.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import type { Response } from '../responses/response.entity.js';
import { responsesOf } from '../responses/responses.service.js';
import type { Result } from '../results/result.entity.js';
import { currentResults } from '../results/results.service.js';
import { Run } from '../runs/run.entity.js';
import { type SetRun, withSettings } from '../runs/run-settings.js';
import { columnName } from './sheet-columns.js';
import { placeKey } from './sheet-rows.js';

/** Without it spreadsheets take the bytes for another encoding, and units come back broken. */
const BYTE_ORDER_MARK = '\ufeff';
const FIXED = ['run', 'repeat', 'standard order', 'block', 'point type', 'status', 'note'];

interface Content {
  readonly parameters: readonly Parameter[];
  readonly responses: readonly Response[];
  readonly runs: readonly SetRun[];
  readonly results: readonly Result[];
}

/** The runs of an experiment as the sheet that import reads. */
@Injectable()
export class RunsExport {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
  ) {}

  async sheet(actor: Actor, experimentId: string, withActual: boolean): Promise<string> {
    const content = await this.db.transaction(async (tx): Promise<Content> => {
      await this.desk.hold(actor, experimentId, tx);
      const runs = await tx.find(Run, { where: { experimentId }, order: { number: 'ASC' } });
      return { parameters: await parametersOf(tx, experimentId), responses: await responsesOf(tx, experimentId), runs: await withSettings(tx, runs), results: await currentResults(tx, experimentId) };
    });
    return BYTE_ORDER_MARK + csvLines([headerOf(content, withActual), ...rowsOf(content, withActual)]);
  }
}

function headerOf(content: Content, withActual: boolean): string[] {
  const { parameters, responses } = content;
  const actual = withActual ? parameters.map((each) => columnName('actual', each, content)) : [];
  return [...FIXED, ...parameters.map((each) => columnName('parameter', each, content)), ...actual, ...responses.map((each) => columnName('response', each, content))];
}

function rowsOf({ parameters, responses, runs, results }: Content, withActual: boolean): (string | number)[][] {
  const values = new Map(results.flatMap(({ runId, responseId, repeat, value }) => (runId === null ? [] : [[placeKey(runId, responseId, repeat), value]])));
  const repeats = new Map<string, Set<number>>();
  for (const { runId, repeat } of results) if (runId !== null) repeats.set(runId, (repeats.get(runId) ?? new Set()).add(repeat));
  return runs.flatMap(({ run, planned, actual }) =>
    [...(repeats.get(run.id) ?? [1])].sort((a, b) => a - b).map((repeat) => [
      run.number, repeat, run.standardOrder ?? '', run.block ?? '', run.pointType ?? '', run.status, run.note ?? '',
      ...parameters.map(({ id }) => planned[id] ?? ''),
      ...(withActual ? parameters.map(({ id }) => actual[id] ?? '') : []),
      ...responses.map(({ id }) => values.get(placeKey(run.id, id, repeat)) ?? ''),
    ]),
  );
}
