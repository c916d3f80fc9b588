import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Metrics } from '../health/metrics.js';
import { RouteFigures } from './route-figures.js';

const REQUESTS = 'provost_http_requests_total';
const DURATIONS = 'provost_http_request_duration_seconds';

/** What was asked and how it was answered, by the patterns of routes: nothing that a caller sends becomes a label. */
@Injectable()
export class HttpMetrics {
  /** Paths that no route has, whatever they are. */
  readonly unmatched = new RouteFigures('any', 'unmatched', false);
  private readonly figures = [this.unmatched];
  private readonly problems: Counter<'code' | 'status'>;

  constructor(metrics: Metrics) {
    metrics.writtenBy(() => this.text());
    this.problems = new Counter({ name: 'provost_http_problems_total', help: 'Problems that requests were answered with, by code.', labelNames: ['code', 'status'], registers: [metrics.registry] });
  }

  /** Where the requests to a route are counted. Untimed is what takes as long as the client's line, or waits on purpose. */
  route(method: string, pattern: string, timed: boolean): RouteFigures {
    const made = new RouteFigures(method, pattern, timed);
    this.figures.push(made);
    return made;
  }

  problem(code: string, status: number): void {
    this.problems.inc({ code, status });
  }

  private text(): string {
    return `# HELP ${REQUESTS} Requests that were answered, by route and class of status; those to /health and /metrics are left out.
# TYPE ${REQUESTS} counter
${this.figures.map((each) => each.answersAs(REQUESTS)).join('')}
# HELP ${DURATIONS} How long requests took that were answered below 400, by route; transfers of files and long polls are left out.
# TYPE ${DURATIONS} histogram
${this.figures.map((each) => each.durationsAs(DURATIONS)).join('')}`;
  }
}
