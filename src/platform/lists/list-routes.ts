import { applyDecorators, createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { ApiExtension, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { documentedList } from './list-parameters.js';
import type { Listed, Listing } from './listing.js';
import { type Wanted, wantedOf } from './wanted.js';

/** The request for a page of this list, as the handler's parameter. */
export function WantedOf<E extends Listed>(listing: Listing<E>): ParameterDecorator {
  return readWanted(listing as unknown as Listing<Listed>);
}

const readWanted = createParamDecorator((listing: Listing<Listed>, context: ExecutionContext): Wanted => {
  return wantedOf(context.switchToHttp().getRequest<FastifyRequest>().query as Record<string, unknown>, listing);
});

const HEADERS = {
  'Content-Range': { description: 'Where the page lies, and how many there are: `users 0-24/319`. Totals past 10,000 may be estimates.', schema: { type: 'string' as const } },
  'X-Total-Count': { description: 'How many there are.', schema: { type: 'integer' as const } },
  Link: { description: 'The next and the previous page by cursor, relative to this address.', schema: { type: 'string' as const } },
};

/** Documents a list elsewhere, which answers pages with their cursors in the native dialect. */
export function PageRoute<E extends Listed>(listing: Listing<E>, page: Type): MethodDecorator {
  return applyDecorators(ApiExtension('x-list', documentedList(listing)), ApiOkResponse({ type: page }));
}

/** Documents a list under /admin/: its query parameters, filters and headers. */
export function ListRoute<E extends Listed>(listing: Listing<E>, dto: Type): MethodDecorator {
  return applyDecorators(ApiExtension('x-list', documentedList(listing)), ApiOkResponse({ type: dto, isArray: true, headers: HEADERS }));
}
