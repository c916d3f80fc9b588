import { ApiExtension } from '@nestjs/swagger';

/** The error answers of a route beyond those that every route has, for the OpenAPI document. */
export const Refuses = (...statuses: number[]): MethodDecorator => ApiExtension('x-refuses', statuses);
