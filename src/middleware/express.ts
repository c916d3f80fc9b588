import type { ServerResponse } from 'node:http';
import { admit, type Caller, type GuardOptions } from './admission.js';
import { refuse } from './answers.js';
import { ProvostError } from './errors.js';
import type { Provost, RequestLike } from './provost.js';

/** What Express, Connect and Node's own server call a request. */
export interface ExpressRequest extends RequestLike {
  readonly url?: string;
  readonly originalUrl?: string;
  provost?: Caller;
}

export type ExpressMiddleware<Request extends ExpressRequest> = (request: Request, response: ServerResponse, next: (error?: unknown) => void) => void;

/** Guards the routes behind it; handlers find the caller at `request.provost`. Who is refused gets problem+json. */
export function expressProvost<Request extends ExpressRequest = ExpressRequest>(provost: Provost, options: GuardOptions<Request> = {}): ExpressMiddleware<Request> {
  return (request, response, next) => {
    const pass = async (): Promise<void> => {
      const caller = await admit(provost, request, options);
      await caller.pay(request, options);
      caller.settleAfter(response);
      for (const [name, value] of Object.entries(caller.headers)) response.setHeader(name, value);
      request.provost = caller;
    };
    pass().then(
      () => next(),
      (error: unknown) => (error instanceof ProvostError ? refuse(response, error, request.originalUrl ?? request.url ?? '/') : next(error)),
    );
  };
}
