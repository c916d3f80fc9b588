import type { MessagePort } from 'node:worker_threads';
import { Problem } from '../problems/problem.js';
import type { Answer, Order, Step } from './messages.js';
import type { Report, Task, Tasks } from './task.js';

const MS_BETWEEN_STEPS = 200;

/** What the file of a module's worker threads exports as its default. */
export function workerOf(tasks: Tasks): (order: Order) => Promise<Answer> {
  return ({ task, input, seconds, port }) => work(tasks[task] as Task<unknown, unknown>, input, reporter(port, seconds)).finally(() => port.close());
}

/** Problems are part of the answer: as errors they would lose their class on the way. */
async function work(run: Task<unknown, unknown>, input: unknown, report: Report): Promise<Answer> {
  try {
    return { output: await run(input, report) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { kind, code, detail, options: { extensions, violations } } = error;
    return { problem: { kind, code, detail, options: { ...(extensions && { extensions }), ...(violations && { violations }) } } };
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
