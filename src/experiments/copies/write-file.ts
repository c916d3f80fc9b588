import { Problem } from '../../platform/problems/problem.js';
import { Design } from '../designs/design.entity.js';
import { checkFactors } from '../factors.js';
import { LiteratureEntry } from '../literature/literature-entry.entity.js';
import { partialSettings } from '../named-settings.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { addParameter } from '../parameters/parameters.service.js';
import type { Response } from '../responses/response.entity.js';
import { addResponse } from '../responses/responses.service.js';
import { Result } from '../results/result.entity.js';
import { Run } from '../runs/run.entity.js';
import { settingRows } from '../runs/run-settings.js';
import type { ChangeSet } from '../versions/change-set.js';
import { DESIGN, LITERATURE, RESULT, RUN, RUN_SETTING } from '../versions/kinds.js';
import { FileRefused } from './copies.problems.js';
import type { ExperimentFileDto, FileDesignDto, FileLiteratureDto, FileResultDto, FileRunDto } from './experiment-file.dto.js';

/** Fills a new experiment with what a file says. Whatever contradicts itself in it is refused with its place. */
export async function writeFile(set: ChangeSet, file: ExperimentFileDto): Promise<void> {
  const writer = new FileWriter(set);
  for (const [index, terms] of file.parameters.entries()) writer.parameters.push(await placed(`/parameters/${index}`, () => addParameter(set, terms)));
  for (const [index, terms] of file.responses.entries()) writer.responses.set(terms.name, await placed(`/responses/${index}`, () => addResponse(set, terms)));
  await writer.addDesigns(file.designs);
  await writer.addRuns(file.runs);
  await writer.addResults(file.results);
  await writer.addLiterature(file.literature);
}

class FileWriter {
  readonly parameters: Parameter[] = [];
  readonly responses = new Map<string, Response>();
  private readonly designs = new Map<number, Design>();
  private readonly runs = new Map<number, Run>();
  private readonly results = new Map<number, Result>();
  private readonly corrected = new Set<string>();
  private readonly taken = new Set<string>();

  constructor(private readonly set: ChangeSet) {}

  async addDesigns(given: readonly FileDesignDto[]): Promise<void> {
    for (const [index, { number, kind, options, seed, factors, runs, structure }] of given.entries()) {
      await placed(`/designs/${index}/factors`, () => checkFactors(factors));
      keep(this.designs, number, Object.assign(new Design(), { kind, options, seed, factors, runs, structure, createdBy: this.set.authorId }), `/designs/${index}/number`);
    }
    await this.set.insert(DESIGN, ...this.designs.values());
  }

  async addRuns(given: readonly FileRunDto[]): Promise<void> {
    const settings = [];
    for (const [index, { design, settings: planned, actual = {}, ...terms }] of given.entries()) {
      const designId = design ? found(this.designs, design, `/runs/${index}/design`).id : null;
      const run = Object.assign(new Run(), terms, { designId, experimentId: this.set.experiment.id });
      keep(this.runs, terms.number, run, `/runs/${index}/number`);
      settings.push(...(await placed(`/runs/${index}/settings`, () => settingRows(run, partialSettings(this.parameters, planned), partialSettings(this.parameters, actual)))));
    }
    await this.set.insert(RUN, ...this.runs.values());
    await this.set.insert(RUN_SETTING, ...settings);
  }

  async addResults(given: readonly FileResultDto[]): Promise<void> {
    for (const [index, result] of given.entries()) keep(this.results, result.number, await this.resultOf(result, `/results/${index}`), `/results/${index}/number`);
    await this.set.insert(RESULT, ...this.results.values());
  }

  async addLiterature(given: readonly FileLiteratureDto[]): Promise<void> {
    const entries = [];
    for (const [index, { response, settings, ...terms }] of given.entries()) {
      const responseId = found(this.responses, response, `/literature/${index}/response`).id;
      entries.push(Object.assign(new LiteratureEntry(), terms, { responseId, settings: await placed(`/literature/${index}/settings`, () => partialSettings(this.parameters, settings)) }));
    }
    await this.set.insert(LITERATURE, ...entries);
  }

  private async resultOf({ run, response, value, repeat = 1, settings, corrects, reason, metadata = {} }: FileResultDto, place: string): Promise<Result> {
    const result = Object.assign(new Result(), { value, repeat, reason: reason ?? null, metadata, createdBy: this.set.authorId, responseId: found(this.responses, response, `${place}/response`).id });
    if (Boolean(run) === Boolean(settings)) throw new FileRefused(`${place}/run`, 'run', 'Name the run, or give the settings of a free observation.');
    if (run) result.runId = found(this.runs, run, `${place}/run`).id;
    else result.settings = await placed(`${place}/settings`, () => partialSettings(this.parameters, settings!));
    if (corrects) this.correct(result, found(this.results, corrects, `${place}/corrects`), place);
    else if (run) this.take(result, place);
    return result;
  }

  private correct(result: Result, wrong: Result, place: string): void {
    if (this.corrected.has(wrong.id)) throw new FileRefused(`${place}/corrects`, 'corrected-twice', 'Another result corrects that one already.');
    if (wrong.runId !== result.runId || wrong.responseId !== result.responseId || wrong.repeat !== result.repeat) throw new FileRefused(`${place}/corrects`, 'corrects', 'A correction has the run, the response and the repeat of what it corrects.');
    if (!result.reason) throw new FileRefused(`${place}/reason`, 'required', 'A correction has a reason.');
    this.corrected.add(wrong.id);
    result.correctsId = wrong.id;
  }

  private take({ runId, responseId, repeat }: Result, place: string): void {
    const key = `${runId}/${responseId}/${repeat}`;
    if (this.taken.has(key)) throw new FileRefused(place, 'repeated', 'The run has a value of this response already; give this one another repeat number.');
    this.taken.add(key);
  }
}

function keep<T>(rows: Map<number, T>, number: number, row: T, place: string): void {
  if (rows.has(number)) throw new FileRefused(place, 'taken', `There are two with the number ${number}.`);
  rows.set(number, row);
}

/** What is named must stand before what names it. */
function found<K extends string | number, T>(rows: ReadonlyMap<K, T>, key: K, place: string): T {
  const row = rows.get(key);
  if (row === undefined) throw new FileRefused(place, 'unknown', `There is no ${String(key).slice(0, 64)} in this file, or it comes later.`);
  return row;
}

async function placed<T>(pointer: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new FileRefused(pointer, error.code.replace(/^experiments\./, ''), error.detail);
  }
}
