import type { FitRequest } from '../analysis/fit.js';
import type { ModelFigures } from '../models/figures.js';
import type { FitInput } from '../models/fit-model.js';
import type { PlotOrder } from '../plots/plot-task.js';

/**
 * How far a task is: from 0 to 1, and the best figure so far where it has one. Answers whether the task is to end now with
 * the best it has, because its time is over.
 */
export type Report = (done: number, best?: number) => boolean;

/** A pure function of plain data. */
export type Task<Input, Output> = (input: Input, report: Report) => Output | Promise<Output>;

/** What worker threads can do, by name. Each loads its own code when it is first asked for: a thread that fits never loads a plotter. */
export const TASKS = {
  /** Digits on which both solutions of a fit agree: the shortest of tasks, by which a thread is tried. */
  certify: async (request: FitRequest): Promise<number> => new (await import('../analysis/fit.js')).Fit(request).solution.certifiedDigits,
  fit: async (input: FitInput): Promise<ModelFigures> => (await import('../models/fit-model.js')).fitModel(input),
  plot: async (order: PlotOrder): Promise<string> => (await import('../plots/plot-task.js')).plotTask(order),
} satisfies Record<string, Task<never, unknown>>;

export type TaskName = keyof typeof TASKS;
export type TaskInput<Name extends TaskName> = Parameters<(typeof TASKS)[Name]>[0];
export type TaskOutput<Name extends TaskName> = Awaited<ReturnType<(typeof TASKS)[Name]>>;
