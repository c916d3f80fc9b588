import { setImmediate as breathe } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import { BodyPipe } from '../../platform/http/body.pipe.js';
import type { Violation } from '../../platform/problems/problem.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { Problem } from '../../platform/problems/problem.js';
import { CreateExperimentDto } from '../experiments.dto.js';
import { TooMany } from '../experiments.problems.js';
import { CreateParameterDto } from '../parameters/parameters.dto.js';
import { CreateResponseDto } from '../responses/responses.dto.js';
import { MOST_RESULTS } from '../results/results.service.js';
import { MOST_RUNS } from '../runs/runs.service.js';
import { ForeignFile } from './copies.problems.js';
import { type ExperimentFileDto, FILE_FORMAT, FileDesignDto, FileLiteratureDto, FileResultDto, FileRunDto } from './experiment-file.dto.js';

const PARTS: Readonly<Record<string, { readonly of: Type; readonly most: number }>> = {
  parameters: { of: CreateParameterDto, most: 100 },
  responses: { of: CreateResponseDto, most: 100 },
  designs: { of: FileDesignDto, most: 1000 },
  runs: { of: FileRunDto, most: MOST_RUNS },
  results: { of: FileResultDto, most: MOST_RESULTS },
  literature: { of: FileLiteratureDto, most: 10_000 },
};
/** What an export tells beside that; models are fitted anew. */
const PASSED_OVER = ['format', 'exportedAt', 'experiment', 'models', 'predictions', 'feedback'];
const FLAWS_TOLD = 20;
const ITEMS_A_TURN = 200;

const pipe = new BodyPipe();

/** Anybody's JSON as a file, each part held to what the routes hold it to; refused with where it is wrong. */
export async function readFile(body: unknown): Promise<ExperimentFileDto> {
  const given = (typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}) as Record<string, unknown>;
  if (given['format'] !== FILE_FORMAT) throw new ForeignFile(FILE_FORMAT, given['format']);
  const flaws: Violation[] = Object.keys(given).filter((name) => !(name in PARTS) && !PASSED_OVER.includes(name)).map((name) => ({ pointer: `/${name}`, code: 'unknown-field', detail: `There is no field ${JSON.stringify(name.slice(0, 64))} here.` }));
  const experiment = await checked(CreateExperimentDto, given['experiment'], '/experiment', flaws);
  const parts: Record<string, object[]> = {};
  for (const [name, { of, most }] of Object.entries(PARTS)) parts[name] = await list(name, given[name] ?? [], of, most, flaws);
  if (flaws.length > 0) throw new ValidationFailed(flaws);
  return { format: FILE_FORMAT, experiment, ...parts } as unknown as ExperimentFileDto;
}

async function list(name: string, given: unknown, of: Type, most: number, flaws: Violation[]): Promise<object[]> {
  if (!Array.isArray(given)) {
    flaws.push({ pointer: `/${name}`, code: 'isArray', detail: `${name} must be a list.` });
    return [];
  }
  if (given.length > most) throw new TooMany(name, most);
  const items: object[] = [];
  for (const [index, item] of given.entries()) {
    items.push(await checked(of, item, `/${name}/${index}`, flaws));
    if (flaws.length >= FLAWS_TOLD) throw new ValidationFailed(flaws);
    if (index % ITEMS_A_TURN === ITEMS_A_TURN - 1) await breathe();
  }
  return items;
}

async function checked(of: Type, given: unknown, pointer: string, flaws: Violation[]): Promise<object> {
  if (given === undefined || given === null) flaws.push({ pointer, code: 'object', detail: 'An object is missing here.' });
  try {
    return (await pipe.transform(given ?? {}, { type: 'body', metatype: of })) as object;
  } catch (error) {
    if (!(error instanceof Problem) || !error.options.violations) throw error;
    flaws.push(...error.options.violations.map((flaw) => ({ ...flaw, pointer: pointer + flaw.pointer })));
    return {};
  }
}
