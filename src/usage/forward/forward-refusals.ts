import { Catch } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ProblemAnswer } from '../../platform/http/problem-answer.js';
import { ProblemFilter } from '../../platform/http/problem.filter.js';

/** As many characters of a path as leave room in the header buffer of a proxy, which is 4 KB where nobody changed it. */
const LONGEST_PATH = 400;

/** Refusals as proxies can pass them on: in the words of the request they stand for, and whole in a header. */
@Catch()
export class ForwardRefusals extends ProblemFilter {
  protected override addressFor(request: FastifyRequest): string {
    const { 'x-forwarded-uri': asked } = request.headers;
    return typeof asked === 'string' && isFromProxy(request) ? asked.slice(0, LONGEST_PATH) : super.addressFor(request);
  }

  protected override headersOf({ headers, body }: ProblemAnswer): Record<string, string> {
    return { ...headers, 'x-provost-problem': JSON.stringify(body).replace(/[^\x20-\x7e]/g, escaped) };
  }
}

/** One that TRUST_PROXY names: the chain of addresses goes on behind it. */
function isFromProxy({ ips }: FastifyRequest): boolean {
  return ips !== undefined && ips.length > 1;
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
