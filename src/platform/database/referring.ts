import type { Problem } from '../problems/problem.js';
import { isMissingReference } from './failures.js';

/** Writes a row that names another by its id. When that other row goes between check and write, it is one that is not there. */
export async function referring<T>(write: () => Promise<T>, absent: () => Problem): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw isMissingReference(error) ? absent() : error;
  }
}
