import { admit, type Caller, type GuardOptions, type ResponseEnd } from './admission.js';
import { pathOf, refusalHeaders } from './answers.js';
import { ProvostError } from './errors.js';
import type { Provost, RequestLike } from './provost.js';

export interface NestRequest extends RequestLike {
  readonly url: string;
  readonly originalUrl?: string;
  provost?: Caller | null;
}

/** Express's or Fastify's. */
export interface NestResponse {
  readonly raw?: ResponseEnd;
  header(name: string, value: string): unknown;
}

export interface NestContext {
  switchToHttp(): { getRequest<T>(): T; getResponse<T>(): T };
}

/** What Nest knows as `CanActivate`. */
export interface NestGuard {
  canActivate(context: NestContext): Promise<boolean>;
}

/** Nest's own `HttpException`: its filters know no other. */
export type HttpExceptionClass = new (body: object, status: number, options?: { cause?: unknown }) => Error;

/** Makes a guard for `@UseGuards`, on Express or Fastify; handlers find the caller at `request.provost`. */
export function nestProvost<Request extends NestRequest = NestRequest>(provost: Provost, HttpException: HttpExceptionClass, options: GuardOptions<Request> = {}): new () => NestGuard {
  return class ProvostGuard implements NestGuard {
    async canActivate(context: NestContext): Promise<boolean> {
      const request = context.switchToHttp().getRequest<Request>();
      const response = context.switchToHttp().getResponse<NestResponse>();
      try {
        const caller = await admit(provost, request, options);
        await caller.pay(request, options);
        caller.settleAfter(response.raw ?? (response as unknown as ResponseEnd));
        tell(response, caller.headers);
        request.provost = caller;
        return true;
      } catch (error) {
        if (!(error instanceof ProvostError)) throw error;
        tell(response, refusalHeaders(error));
        throw new HttpException(error.body(pathOf(request.originalUrl ?? request.url)), error.status, { cause: error });
      }
    }
  };
}

function tell(response: NestResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
}
