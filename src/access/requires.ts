import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Pending } from './pending.js';
import type { Permission, PrincipalKind } from './permission.js';

export const REQUIRED = 'provost:required-permission';
export const PUBLIC = 'provost:public';
export const OPEN_WHILE = 'provost:open-while';

/** Closes a route to all but those who hold the permission, and says so in the OpenAPI document. */
export const Requires = (permission: Permission): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(REQUIRED, permission), ApiBearerAuth(), ApiSecurity('apiKey'), ApiExtension('x-permission', permission));

/** Opens a route to everybody. Without this or `@Requires` a route cannot be called, and the service does not start. */
export const Public = (): MethodDecorator & ClassDecorator => applyDecorators(SetMetadata(PUBLIC, true), ApiExtension('x-public', true));

export const ANY_CALLER = 'provost:any-caller';

/** Closes a route to all but users and applications whose credential is alive, and lets those in whatever they may do. */
export const RequiresCredential = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ANY_CALLER, true), ApiBearerAuth(), ApiSecurity('apiKey'), ApiExtension('x-permission', 'any'));

export const AUDIENCE = 'provost:audience';

/** The kind of principal a controller serves. Below `/admin` and `/staff` the path says so already. */
export const Audience = (kind: PrincipalKind): ClassDecorator => SetMetadata(AUDIENCE, kind);

export const SERVES_OUTAGE = 'provost:serves-outage';

/** A route that goes on while the database is away, for callers who were verified shortly before. */
export const ServesOutage = (): MethodDecorator => SetMetadata(SERVES_OUTAGE, true);

export const OWNER_ONLY = 'provost:owner-only';

/** A route for the user alone: nobody who acts as the user gets to see it. */
export const OwnerOnly = (): MethodDecorator => SetMetadata(OWNER_ONLY, true);

/** A route that also those may call who must do one of these things first. */
export const OpenWhile = (...pending: Pending[]): MethodDecorator => SetMetadata(OPEN_WHILE, pending);
