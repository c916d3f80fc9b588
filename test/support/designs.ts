import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from './api.js';

export interface Told {
  id: string;
  state: string;
  progress: number;
  result: { designId: string } | null;
  problem: { status: number; code: string } | null;
}

export async function computation(by: Caller, experimentId: string, id: string): Promise<Told> {
  return (await by.get(`/experiments/${experimentId}/computations/${id}`).expect(200)).body as Told;
}

export async function computationOnce(by: Caller, experimentId: string, id: string, isReached: (told: Told) => boolean): Promise<Told> {
  for (;;) {
    const told = await computation(by, experimentId, id);
    if (isReached(told)) return told;
    // The thread that computes comes behind everybody who asks without a pause.
    await pause(20);
  }
}

/** Plans a design, and waits for it where a busy machine has answered before it was there. */
export async function designed<Design>(by: Caller, experimentId: string, request: object): Promise<Design> {
  const { status, body } = await by.post(`/experiments/${experimentId}/designs`, request);
  if (status === 201) return body as Design;
  const { designId } = await resultOf(by, experimentId, status, body as Told);
  return (await by.get(`/experiments/${experimentId}/designs/${designId}`).expect(200)).body as Design;
}

/** The same for the runs that are suggested. */
export async function suggested<Suggestions>(by: Caller, experimentId: string, request: object): Promise<Suggestions> {
  const { status, body } = await by.post(`/experiments/${experimentId}/suggestions`, request);
  return (status === 201 ? body : await resultOf(by, experimentId, status, body as Told)) as Suggestions;
}

async function resultOf(by: Caller, experimentId: string, status: number, told: Told): Promise<NonNullable<Told['result']>> {
  expect([status, told]).toEqual([202, expect.anything()]);
  const { state, result } = await computationOnce(by, experimentId, told.id, ({ state: now }) => !['queued', 'running'].includes(now));
  expect(state).toBe('done');
  return result!;
}
