import type { SqlValue } from '../database/sql.js';

/**
 * What clients may do with a list: declared once by the module that owns the table, read by the parser, the statements
 * and the OpenAPI document.
 *
 *     // users.list.ts
 *     export const USERS_LIST: Listing<User> = {
 *       resource: 'users',
 *       entity: User,
 *       sorts: {
 *         createdAt: { kind: 'instant' },                              // an index on (createdAt), or (createdAt, id), exists
 *         username: { kind: 'text', property: 'usernameKey' },         // shown as username, sorted as it is compared
 *       },
 *       defaultSort: '-createdAt',
 *       filters: {
 *         createdAt: { kind: 'instant' },                              // createdAt, createdAt_gte, createdAt_lte, createdAt_ne
 *         username: { kind: 'text', property: 'usernameKey', fold: comparable },  // and username_like, a prefix
 *         status: { kind: 'word', words: ['active', 'banned'] },
 *       },
 *       search: { properties: ['usernameKey', 'emailKey'], fold: comparable },    // q: a prefix of either
 *     };
 *
 *     // users.service.ts
 *     list(wanted: Wanted): Promise<ListPage<User>> {
 *       return this.lists.page(USERS_LIST, wanted);
 *     }
 *
 *     // users-admin.controller.ts
 *     @Get()
 *     @Requires(Permission.UsersRead)
 *     @ListRoute(USERS_LIST, AdminUserDto)
 *     async list(@WantedOf(USERS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<AdminUserDto>> {
 *       return answerList(reply, wanted, await this.users.list(wanted), (user) => AdminUserDto.of(user));
 *     }
 *
 * Every list can be sorted by id and asked for ids without saying so here.
 */
export interface Listing<E extends Listed> {
  /** The unit of `Content-Range`, as in the path: `deleted-users`. */
  readonly resource: string;
  readonly entity: new () => E;
  /** By what clients call it. Each needs an index that begins with it, and must not be nullable. */
  readonly sorts: Readonly<Record<string, Sort<E>>>;
  /** As a client would write it, e.g. `-createdAt`; `id` where it is not said. */
  readonly defaultSort?: string;
  readonly filters: Readonly<Record<string, Filter<E>>>;
  /**
   * Columns of which `q` is a prefix; each needs an index that begins with it. Without any, whoever lists takes `q` out of
   * the request and says in the scope what it finds.
   */
  readonly search?: { readonly properties: readonly Property<E>[]; readonly fold?: Fold };
}

export interface Listed {
  id: string;
}

export type Property<E> = keyof E & string;
/** Brings what a client typed into the form in which the column holds it. */
export type Fold = (text: string) => string;

export interface Sort<E> {
  readonly kind: 'text' | 'number' | 'instant';
  /** Where it is not called as clients call it. */
  readonly property?: Property<E>;
}

export type Filter<E> = ColumnFilter<E> | DecidedFilter | OutsideFilter;

/** `f` and `f_ne` for all kinds, `f_gte` and `f_lte` for numbers and instants, `f_like` (a prefix) for texts. */
export interface ColumnFilter<E> {
  readonly kind: 'text' | 'number' | 'instant' | 'word' | 'flag';
  readonly property?: Property<E>;
  /** What a word can be. */
  readonly words?: readonly string[];
  readonly fold?: Fold;
}

/** One of a few words whose meaning is more than a column's value, such as a status that ends by itself. */
export interface DecidedFilter {
  readonly kind: 'decided';
  readonly words: readonly string[];
  /** The condition in terms of the table's columns, e.g. `status = ?`. */
  readonly where: (word: string, now: Date) => Condition;
}

/** What it means other tables tell: whoever lists takes it out of the request (`takenOut`) and says it in the scope. */
export interface OutsideFilter {
  readonly kind: 'outside';
}

export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export type Operator = 'eq' | 'ne' | 'gte' | 'lte' | 'like';

const OPERATORS: Readonly<Record<Filter<never>['kind'], readonly Operator[]>> = {
  text: ['eq', 'ne', 'like'],
  number: ['eq', 'ne', 'gte', 'lte'],
  instant: ['eq', 'ne', 'gte', 'lte'],
  word: ['eq', 'ne'],
  flag: ['eq', 'ne'],
  decided: ['eq'],
  outside: ['eq'],
};

/** Every filter as clients write it, `q` and `id` included. */
export function filterNames<E extends Listed>({ filters, search }: Listing<E>): string[] {
  const own = Object.entries(filters).flatMap(([field, { kind }]) => OPERATORS[kind].map((operator) => filterName(field, operator)));
  return ['id', ...(search ? ['q'] : []), ...own];
}

export function filterName(field: string, operator: Operator): string {
  return operator === 'eq' ? field : `${field}_${operator}`;
}

/** What a filter's name says: `createdAt_gte` is `createdAt` and `gte`. */
export function filterOf<E extends Listed>(name: string, { filters }: Listing<E>): { filter: Filter<E>; field: string; operator: Operator } | undefined {
  const [, field, operator] = /^(.+?)(?:_(ne|gte|lte|like))?$/.exec(name) ?? [];
  if (field === undefined || !Object.hasOwn(filters, field)) return undefined;
  const filter = filters[field]!;
  const asked = (operator ?? 'eq') as Operator;
  return OPERATORS[filter.kind].includes(asked) ? { filter, field, operator: asked } : undefined;
}
