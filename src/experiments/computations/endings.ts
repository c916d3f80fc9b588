import { type EntityManager, type FindOptionsWhere, In } from 'typeorm';
import { Problem } from '../../platform/problems/problem.js';
import { Computation, type ComputationProblem, UNFINISHED } from './computation.entity.js';

/** What an unfinished row becomes at its end, whatever the end. */
export type Ending = Pick<Computation, 'state' | 'place' | 'finishedAt'> & Partial<Pick<Computation, 'result' | 'problem' | 'progress'>>;

/** Whether any of these were unfinished until now: who comes later ends nothing. */
export async function end(db: EntityManager, which: FindOptionsWhere<Computation>, ending: Ending): Promise<boolean> {
  const { affected } = await db.update(Computation, { ...which, state: In(UNFINISHED) }, ending as never);
  return (affected ?? 0) > 0;
}

export function done(result: object, now: Date): Ending {
  return { state: 'done', result, progress: 1, place: null, finishedAt: now };
}

export function failed(error: unknown, now: Date): Ending {
  return { state: 'failed', problem: problemOf(error), place: null, finishedAt: now };
}

export function cancelled(now: Date): Ending {
  return { state: 'cancelled', place: null, finishedAt: now };
}

function problemOf(error: unknown): ComputationProblem {
  if (!(error instanceof Problem)) return { kind: null, code: 'server.error', detail: 'Something went wrong on our side. The logs have it under the id of this computation.' };
  const { kind, code, detail, options: { extensions, violations } } = error;
  return { kind, code, detail, ...(extensions && { extensions }), ...(violations && { violations }) };
}
