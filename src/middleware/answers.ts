import { PROBLEM_TYPE, type ProvostError } from './errors.js';

/** An answer that refuses, for frameworks that build upon Node's own `ServerResponse`. */
export interface PlainResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export function refuse(response: PlainResponse, error: ProvostError, url: string): void {
  response.statusCode = error.status;
  for (const [name, value] of Object.entries(refusalHeaders(error))) response.setHeader(name, value);
  response.end(JSON.stringify(error.body(pathOf(url))));
}

export function refusalHeaders(error: ProvostError): Record<string, string> {
  return { ...error.headers, 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' };
}

/** Queries may hold what is nobody's business. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0]!;
}
