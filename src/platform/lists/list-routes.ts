import { applyDecorators, createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { ApiExtension, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Listed, Listing } from './listing.js';
import { type Wanted, wantedOf } from './wanted.js';

/** The request for a page of this list, as the handler's parameter. */
export function WantedOf<E extends Listed>(listing: Listing<E>): ParameterDecorator {
  return readWanted(listing as unknown as Listing<Listed>);
}

const readWanted = createParamDecorator((listing: Listing<Listed>, context: ExecutionContext): Wanted => {
  return wantedOf(context.switchToHttp().getRequest<FastifyRequest>().query as Record<string, unknown>, listing);
});

/** Documents a list under /admin/: its query parameters, filters and headers. */
export function ListRoute<E extends Listed>(listing: Listing<E>, dto: Type): MethodDecorator {
  return applyDecorators(ApiExtension('x-list', listing), ApiOkResponse({ type: dto, isArray: true }));
}
