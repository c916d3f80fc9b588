import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { setUpDocs } from './openapi/set-up-docs.js';
import type { Settings } from './platform/config/settings.js';
import { BodyPipe } from './platform/http/body.pipe.js';
import { countRequests } from './platform/http/count-requests.js';
import { answerHeaders, fastifyAdapter, readBodies } from './platform/http/fastify.js';
import { answerBrowsers } from './platform/http/cross-origin.js';
import { demandHttps } from './platform/http/https.js';
import { HttpMetrics } from './platform/http/http-metrics.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { cutSlowBodies } from './platform/http/slow-bodies.js';
import { logRequests } from './platform/http/request-log.js';
import { NestLogger } from './platform/logging/logger.js';

/** Routes that stand outside of the versioned API. */
const UNPREFIXED = ['.well-known/jwks.json', 'health', 'health/live', 'health/ready', 'health/db', 'metrics'];

/** The whole service, not yet listening. */
export async function createApp(settings: Settings, logger: Logger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings), fastifyAdapter(settings), {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  configure(app, settings, logger);
  setUpDocs(app, settings);
  return app;
}

/** Everything around the modules but the documentation, which only the built service has: pipes, filter, headers. */
export function configure(app: NestFastifyApplication, settings: Settings, logger: Logger): void {
  app.setGlobalPrefix('api/v1', { exclude: UNPREFIXED });
  countRequests(app);
  cutSlowBodies(app, settings);
  answerBrowsers(app, settings);
  answerHeaders(app);
  demandHttps(app, settings);
  logRequests(app, logger, settings);
  readBodies(app);
  app.useGlobalPipes(new BodyPipe());
  app.useGlobalFilters(new ProblemFilter(app.get(HttpMetrics)));
}
