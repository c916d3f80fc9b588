import type { MessagePort } from 'node:worker_threads';
import type { ProblemKind, ProblemOptions } from '../problems/problem.js';

/** What a worker thread is asked to do. */
export interface Order {
  readonly task: string;
  readonly input: unknown;
  /** After so long a task that can is to end with the best it has. */
  readonly seconds: number;
  /** Where it says that it has begun, and how far it is. */
  readonly port: MessagePort;
}

export interface Step {
  /** From 0 to 1. */
  readonly done: number;
  /** The best figure so far, as the task measures it. */
  readonly best?: number;
}

export type Answer =
  | { readonly output: unknown; readonly problem?: undefined }
  | { readonly problem: { readonly kind: ProblemKind; readonly code: string; readonly detail: string; readonly options: ProblemOptions } };
