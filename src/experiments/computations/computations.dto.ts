import { STATUS } from '../../platform/http/problem-answer.js';
import type { Computation, ComputationKind, ComputationProblem, ComputationState } from './computation.entity.js';

export class ComputationProblemDto {
  /** As the HTTP status of a request would be. */
  status!: number;
  code!: string;
  /** What to change. */
  detail!: string;

  static of({ kind, code, detail }: ComputationProblem): ComputationProblemDto {
    return { status: kind === null ? 500 : STATUS[kind], code, detail };
  }
}

export class ComputationDto {
  id!: string;
  kind!: ComputationKind;
  state!: ComputationState;
  /** 0 to 1. */
  progress!: number;
  /** The best figure so far, as the search measures it: of a D-optimal design its efficiency, of a Latin hypercube its smallest distance. */
  best!: number | null;
  /** What was asked for. */
  request!: object;
  /** What came out once it is done, such as the id of the design. */
  result!: object | null;
  /** Why it failed. */
  problem!: ComputationProblemDto | null;
  /** The version of the experiment that it knows. */
  experimentVersion!: number;
  createdBy!: string;
  createdAt!: string;
  startedAt!: string | null;
  finishedAt!: string | null;

  static of({ id, kind, state, progress, best, request, result, problem, experimentVersion, createdBy, createdAt, startedAt, finishedAt }: Computation): ComputationDto {
    return {
      id, kind, state, progress, best, request, result, problem: problem && ComputationProblemDto.of(problem), experimentVersion, createdBy,
      createdAt: createdAt.toISOString(), startedAt: startedAt?.toISOString() ?? null, finishedAt: finishedAt?.toISOString() ?? null,
    };
  }
}
