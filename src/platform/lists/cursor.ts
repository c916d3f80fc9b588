import { isId } from '../ids/ids.js';
import { ValidationFailed } from '../problems/problems.js';

/** A place between two records: everything after it, or before it, in the order it was made for. */
export interface Cursor {
  /** The order, as a client would write it. */
  readonly sort: string;
  readonly backwards: boolean;
  /** The sorted field of the record beside the place; instants are milliseconds. */
  readonly value: string | number;
  readonly id: string;
}

export function cursorText({ sort, backwards, value, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, backwards ? 1 : 0, value, id])).toString('base64url');
}

export function cursorOf(text: string): Cursor {
  try {
    const [sort, backwards, value, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const isWhole = typeof sort === 'string' && (typeof value === 'string' || Number.isSafeInteger(value)) && isId(id);
    if (isWhole) return { sort, backwards: backwards === 1, value: value as string | number, id };
  } catch {
    // Not JSON, hence not ours: refused below like every other foreign text.
  }
  throw new BadCursor();
}

export class BadCursor extends ValidationFailed {
  constructor() {
    super([{ pointer: 'cursor', code: 'cursor', detail: 'cursor must be the nextCursor or prevCursor of an answer to the same list in the same order.' }]);
  }
}
