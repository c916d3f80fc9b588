import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OVERTAKEN } from '../problems/problems.js';
import { HttpMetrics } from './http-metrics.js';
import { type ProblemAnswer, problemAnswer } from './problem-answer.js';

/** Everything that is thrown while a request is served ends here. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly metrics: HttpMetrics) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.send(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const made = problemAnswer(thrown, { url: this.addressFor(request), id: request.id });
    const { status, body, isBug } = made;
    this.metrics.problem(body.code, status);
    if (isBug) this.logger.error({ err: thrown, requestId: request.id, url: request.url.split('?', 1)[0] }, 'Unexpected error');
    // Perhaps no race but a mistake of ours that comes again with each request: then the stack is needed.
    else if (body.code === OVERTAKEN) this.logger.warn({ err: thrown, requestId: request.id, url: request.url.split('?', 1)[0] }, 'Refused by a key of the database');
    else if (status === 503) this.logger.warn({ requestId: request.id, code: body.code, cause: causeOf(thrown as Error) });
    if (reply.sent) return;
    void reply.status(status).headers(this.headersOf(made)).send(body);
  }

  /** What the caller asked for. */
  protected addressFor({ url }: FastifyRequest): string {
    return url;
  }

  protected headersOf({ headers }: ProblemAnswer): Record<string, string> {
    return headers;
  }
}

/** The sentence of a problem is for callers; what led to it is for operators. */
function causeOf({ cause, message }: Error): string {
  return cause instanceof Error ? String(cause) : message;
}
