import type { MessagePort } from 'node:worker_threads';
import { Problem } from '../../platform/problems/problem.js';
import type { Answer, Order, Step } from './messages.js';
import { type Report, type Task, TASKS } from './tasks.js';

const MS_BETWEEN_STEPS = 200;

/** Does one order in a worker thread. Problems are part of the answer: as errors they would lose their class on the way. */
export default async function work({ task, input, seconds, port }: Order): Promise<Answer> {
  const run = TASKS[task] as Task<unknown, unknown>;
  try {
    return { output: await run(input, reporter(port, seconds)) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { kind, code, detail, options: { extensions, violations } } = error;
    return { problem: { kind, code, detail, options: { ...(extensions && { extensions }), ...(violations && { violations }) } } };
  } finally {
    port.close();
  }
}

function reporter(port: MessagePort, seconds: number): Report {
  const began = performance.now();
  let told = began;
  port.postMessage({ done: 0 } satisfies Step);
  return (done, best) => {
    const now = performance.now();
    if (now - told >= MS_BETWEEN_STEPS) {
      told = now;
      port.postMessage({ done, ...(best !== undefined && Number.isFinite(best) && { best }) } satisfies Step);
    }
    return now - began > seconds * 1000;
  };
}
