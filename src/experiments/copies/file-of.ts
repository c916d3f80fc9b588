import type { EntityManager } from 'typeorm';
import { Design } from '../designs/design.entity.js';
import type { Experiment } from '../experiment.entity.js';
import { LiteratureEntry } from '../literature/literature-entry.entity.js';
import { settingsByName } from '../named-settings.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import { responsesOf } from '../responses/responses.service.js';
import { Result } from '../results/result.entity.js';
import { Run } from '../runs/run.entity.js';
import { withSettings } from '../runs/run-settings.js';
import { type ExperimentFileDto, FILE_FORMAT, type FileDesignDto, type FileLiteratureDto, type FileResultDto, type FileRunDto } from './experiment-file.dto.js';

/** Everything in an experiment, by names and numbers. @param tx holds the experiment's lock, so that all of it is of one moment */
export async function fileOf(tx: EntityManager, experiment: Experiment): Promise<ExperimentFileDto> {
  const { id: experimentId, title, objective, type, status, metadata } = experiment;
  const inOrder = { where: { experimentId }, order: { id: 'ASC' as const } };
  const [parameters, responses] = [await parametersOf(tx, experimentId), await responsesOf(tx, experimentId)];
  const designs = await tx.find(Design, inOrder);
  const runs = await tx.find(Run, { where: { experimentId }, order: { number: 'ASC' } });
  const results = await tx.find(Result, inOrder);
  const literature = await tx.find(LiteratureEntry, inOrder);
  const names: Names = {
    parameters,
    responses: new Map(responses.map(({ id, name }) => [id, name])),
    designs: numbered(designs),
    runs: new Map(runs.map(({ id, number }) => [id, number])),
    results: numbered(results),
  };
  return {
    format: FILE_FORMAT,
    experiment: { title, objective, type, status, metadata },
    parameters: parameters.map(({ name, kind, unit, low, high, centre, levels, metadata: own }) => ({ name, kind, unit, low, high, centre, levels, metadata: own })),
    responses: responses.map(({ name, unit, goal, low, high, target, importance, smallestEffect, metadata: own }) => ({ name, unit, goal, low, high, target, importance, smallestEffect, metadata: own })),
    designs: designs.map((design) => designOf(design, names)),
    runs: await runsOf(tx, runs, names),
    results: results.map((result) => resultOf(result, names)),
    literature: literature.map((entry) => entryOf(entry, names)),
  };
}

/** How rows are called in a file. */
interface Names {
  readonly parameters: readonly Parameter[];
  readonly responses: ReadonlyMap<string, string>;
  readonly designs: ReadonlyMap<string, number>;
  readonly runs: ReadonlyMap<string, number>;
  readonly results: ReadonlyMap<string, number>;
}

function numbered(rows: readonly { id: string }[]): Map<string, number> {
  return new Map(rows.map(({ id }, index) => [id, index + 1]));
}

function designOf({ id, kind, options, seed, factors, runs, structure }: Design, { designs }: Names): FileDesignDto {
  return { number: designs.get(id)!, kind, options, seed, factors, runs, structure };
}

async function runsOf(tx: EntityManager, runs: readonly Run[], { parameters, designs }: Names): Promise<FileRunDto[]> {
  return (await withSettings(tx, runs)).map(({ run, planned, actual }) => {
    const { number, standardOrder, block, pointType, designId, status, note, metadata } = run;
    const design = designs.get(designId ?? '') ?? null;
    return { number, standardOrder, block, pointType, design, status, note, settings: settingsByName(parameters, planned), actual: settingsByName(parameters, actual), metadata };
  });
}

function resultOf({ id, runId, responseId, value, repeat, settings, correctsId, reason, metadata, createdAt }: Result, { parameters, responses, runs, results }: Names): FileResultDto {
  return {
    number: results.get(id)!,
    run: runs.get(runId ?? '') ?? null,
    response: responses.get(responseId)!,
    value,
    repeat,
    settings: settings && settingsByName(parameters, settings),
    corrects: results.get(correctsId ?? '') ?? null,
    reason,
    metadata,
    at: createdAt.toISOString(),
  };
}

function entryOf({ source, doi, settings, responseId, value, weight, metadata }: LiteratureEntry, { parameters, responses }: Names): FileLiteratureDto {
  return { source, doi, settings: settingsByName(parameters, settings), response: responses.get(responseId)!, value, weight, metadata };
}
