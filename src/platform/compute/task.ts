/**
 * How far a task is: from 0 to 1, and the best figure so far where it has one. Answers whether the task is to end now with
 * the best it has, because its time is over.
 */
export type Report = (done: number, best?: number) => boolean;

/** A pure function of plain data. */
export type Task<Input, Output> = (input: Input, report: Report) => Output | Promise<Output>;

/**
 * What the worker threads of one module can do, by name. Each should load its own code when it is first asked for: a thread
 * that fits never loads a plotter.
 */
export type Tasks = Record<string, Task<never, unknown>>;

export type TaskInput<All extends Tasks, Name extends keyof All> = Parameters<All[Name]>[0];
export type TaskOutput<All extends Tasks, Name extends keyof All> = Awaited<ReturnType<All[Name]>>;
