import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../platform/config/settings.js';
import { problemAnswer } from '../platform/http/problem-answer.js';
import { ValidationFailed } from '../platform/problems/problems.js';
import { VERSION } from '../version.js';
import { apiDocument, OPENAPI_VERSIONS, type OpenapiVersion } from './api-document.js';
import { type Format, ServedDocument } from './served-document.js';

/** Swagger UI at /docs; the document at /docs-json and /docs-yaml, in 3.1 or with `?version=3.0.3` in that. */
export function setUpDocs(app: NestFastifyApplication, settings: Settings): void {
  const served = new ServedDocument((version) => apiDocument(app, settings, version));
  serve(app, served, 'json', 'application/json; charset=utf-8');
  serve(app, served, 'yaml', 'application/yaml; charset=utf-8');
  SwaggerModule.setup('docs', app, () => EMPTY, {
    raw: false,
    customSiteTitle: 'Provost API',
    // The page fetches the document: inside of the page it would be kept a second time. And it tells no validator on the web.
    swaggerOptions: { spec: null, url: '/docs-json', validatorUrl: null, persistAuthorization: true, displayRequestDuration: true, docExpansion: 'list' },
  });
}

const EMPTY = { openapi: OPENAPI_VERSIONS[0], info: { title: 'Provost', version: VERSION }, paths: {} };

function serve(app: NestFastifyApplication, served: ServedDocument, format: Format, contentType: string): void {
  app.getHttpAdapter().getInstance().get(`/docs-${format}`, async (request: FastifyRequest, reply: FastifyReply) => {
    const version = versionOf(request.query as { version?: unknown });
    if (!version) return refuse(request, reply);
    const isCompressed = /\bgzip\b/.test(String(request.headers['accept-encoding']));
    const text = isCompressed ? await served.compressed(version, format) : await served.text(version, format);
    if (isCompressed) void reply.header('content-encoding', 'gzip');
    return reply.header('content-type', contentType).header('vary', 'accept-encoding').send(text);
  });
}

function versionOf({ version = OPENAPI_VERSIONS[0] }: { version?: unknown }): OpenapiVersion | undefined {
  return OPENAPI_VERSIONS.find((each) => each === version || each.replace(/\.\d+$/, '') === version);
}

function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const detail = `version must be one of ${OPENAPI_VERSIONS.join(', ')}.`;
  const { status, headers, body } = problemAnswer(new ValidationFailed([{ pointer: 'version', code: 'isIn', detail }]), request);
  return reply.status(status).headers(headers).send(body);
}
