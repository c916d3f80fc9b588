import type { OpenAPIObject } from '@nestjs/swagger';
import { filterNames, type Listed, type Listing } from './listing.js';

type Parameters = NonNullable<NonNullable<OpenAPIObject['paths'][string]['get']>['parameters']>;
type Components = NonNullable<NonNullable<OpenAPIObject['components']>['parameters']>;

/** What of a list stands in the document until it is complete. */
export interface DocumentedList {
  readonly sorts: readonly string[];
  readonly filters: readonly string[];
}

export function documentedList<E extends Listed>(listing: Listing<E>): DocumentedList {
  return { sorts: ['id', ...Object.keys(listing.sorts)], filters: filterNames(listing) };
}

const query = (name: string, description: string, schema: object = { type: 'string' }): Components[string] => ({ name, in: 'query', required: false, description, schema });

/** The three dialects, said once; lists refer to them. */
export const LIST_PARAMETERS: Components = {
  ListLimit: query('limit', 'Most records in the answer.', { type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  ListCursor: query('cursor', 'Where the page begins: as the `Link` header of an earlier answer has it. Deep pages cost what the first does.'),
  ListRange: query('range', 'ra-data-simple-rest: the first and the last record, as `[0,24]`.'),
  ListFilter: query('filter', 'ra-data-simple-rest: filters as a JSON object; `{"id":["…"]}` answers up to 500 records, unpaged.'),
  ListStart: query('_start', 'ra-data-json-server and refine: the first record, counted from 0.', { type: 'integer', minimum: 0 }),
  ListEnd: query('_end', 'ra-data-json-server and refine: the record behind the last one; a page holds 1000 at most.', { type: 'integer', minimum: 1 }),
  ListSortField: query('_sort', 'ra-data-json-server and refine: the field to sort by.'),
  ListOrder: query('_order', 'ra-data-json-server and refine: `ASC` or `DESC`.'),
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  id: 'These records; given several times, up to 500, unpaged.',
  q: 'The beginning of what is searched for.',
};

export function listParameters({ sorts, filters }: DocumentedList): Parameters {
  const shared = Object.keys(LIST_PARAMETERS).map((name) => ({ $ref: `#/components/parameters/${name}` }));
  const sort = query('sort', `One of ${sorts.join(', ')}, with \`-\` before it for the largest first; or \`["field","ASC"]\`.`);
  return [...shared, sort, ...filters.map((name) => query(name, DESCRIPTIONS[name] ?? described(name)))] as Parameters;
}

function described(name: string): string {
  const [, field, operator] = /^(.+?)(?:_(ne|gte|lte|like))?$/.exec(name)!;
  const sentences: Record<string, string> = { ne: 'not this', gte: 'this or more', lte: 'this or less', like: 'beginning with this' };
  return `Records whose ${field} is ${sentences[operator ?? ''] ?? 'this, or one of these where it is given several times'}.`;
}
