import { ValidationFailed } from '../problems/problems.js';

export interface SortColumn {
  /** As SQL names it, with its table's alias if the statement has one. Must not be nullable: NULL compares with nothing. */
  readonly column: string;
  readonly kind: 'text' | 'number' | 'instant';
}

/** What a list may be sorted by. Every order ends in the id, so that no two records ever stand at the same place. */
export interface Sortable {
  readonly by: Readonly<Record<string, SortColumn>>;
  /** As a client would write it, e.g. `-at`. */
  readonly default: string;
  /** The column of the id. */
  readonly id: string;
}

export interface Sorting extends SortColumn {
  readonly field: string;
  readonly descending: boolean;
}

export function sortingOf(text: string, { by }: Sortable): Sorting {
  const descending = text.startsWith('-');
  const field = descending ? text.slice(1) : text;
  if (!Object.hasOwn(by, field)) throw new ValidationFailed([{ pointer: 'sort', code: 'sort', detail: `sort must be one of ${Object.keys(by).join(', ')}, with or without - before it.` }]);
  return { ...by[field]!, field, descending };
}
