import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Settings } from './platform/config/settings.js';
import { type DocumentedList, LIST_PARAMETERS, listParameters } from './platform/lists/list-parameters.js';
import { ProblemDto } from './platform/http/problem.dto.js';
import { VERSION } from './version.js';

/** The chapters of the document, in the order in which somebody new needs them. */
const TAGS: Record<string, string> = {
  auth: 'Registering, signing in and staying signed in; asking who is behind a credential.',
  users: 'The own profile and preferences.',
  'api-keys': 'Keys for programs that act as their user.',
  usage: 'Daily limits, credits, reservations, and what decided them.',
  'message-logs': 'Conversations, handed over once and read again.',
  staff: 'Signing in as a staff member, and helping users.',
  admin: 'Signing in as an administrator.',
  experiments: 'Design of experiments: plan, run, analyse, predict, learn.',
  tasks: 'What is to be done: boards, dates, recurrence, calendars.',
  study: 'Topics and documents to read, exercises, time that was studied, and how much is left.',
  operations: 'What operators and their tools ask the service itself.',
};

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** Swagger UI at /docs and the document at /docs-json. */
export function setUpDocs(app: NestFastifyApplication, settings: Settings): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app, settings), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: 'Provost API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, docExpansion: 'list' },
  });
}

export function apiDocument(app: NestFastifyApplication, settings: Settings): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Provost')
    .setDescription('The back office of an AI research or study application: users, keys, limits, credits, message logs, audit.')
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(settings.publicUrl ?? '/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token or an API key.' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' }, 'apiKey');
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    extraModels: [ProblemDto],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  document.components = { ...document.components, parameters: LIST_PARAMETERS };
  Object.values(document.components.schemas ?? {}).forEach(withoutRequiredItems);
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) if (path[method]) complete(path[method]);
  }
  return document;
}

/** The generator calls the inner arrays of lists of lists required, which only properties can be. */
function withoutRequiredItems(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  const items = (schema as { items?: { required?: unknown } }).items;
  if (typeof items?.required === 'boolean') delete items.required;
  Object.values(schema).forEach(withoutRequiredItems);
}

/** What the decorators do not say: that a public route needs no credentials, and the error answers of every route. */
function complete(operation: Operation & { 'x-public'?: boolean; 'x-permission'?: string; 'x-refuses'?: number[]; 'x-list'?: DocumentedList }): void {
  if (operation['x-list']) operation.parameters = [...(operation.parameters ?? []), ...listParameters(operation['x-list'])];
  delete operation['x-list'];
  if (operation['x-public']) operation.security = [];
  const statuses = operation['x-public'] ? [400, 429, 503] : [400, 401, 403, 429, 503];
  if (operation.parameters?.some((parameter) => 'in' in parameter && parameter.in === 'path')) statuses.push(404);
  statuses.push(...(operation['x-refuses'] ?? []));
  delete operation['x-refuses'];
  for (const status of statuses) operation.responses[status] ??= PROBLEM_RESPONSES[status]!;
}

const problem = (description: string): Operation['responses'][string] => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
});

const PROBLEM_RESPONSES: Record<number, Operation['responses'][string]> = {
  400: problem('The request cannot be understood; the answer says what to change.'),
  401: problem('No valid credentials.'),
  403: problem('The credentials are valid but do not permit this.'),
  402: problem('Not enough credits; nothing was spent.'),
  404: problem('There is no such record, or it belongs to somebody else.'),
  409: problem('It conflicts with what is there; the answer says with what.'),
  410: problem('It was there and is no longer; the answer says what to do.'),
  412: problem('The record was changed since it was read; read it again.'),
  413: problem('The body is larger than this route takes.'),
  415: problem('This content type is not taken here.'),
  416: problem('No byte of the range that was asked for is there.'),
  422: problem('Well formed, but against a rule of the domain.'),
  429: problem('Too many requests; Retry-After says when to come back.'),
  503: problem('The database does not answer at the moment; Retry-After says when to come back.'),
};
