import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Settings } from '../platform/config/settings.js';
import { type DocumentedList, LIST_PARAMETERS, listParameters } from '../platform/lists/list-parameters.js';
import { ProblemDto } from '../platform/http/problem.dto.js';
import { VERSION } from '../version.js';
import { operationName, requestClasses, tellChecks, withParts } from './checks.js';
import { bodyExamples } from './examples.js';
import { PROBLEM_RESPONSES, problemResponse } from './problem-responses.js';
import { modernised } from './modern.js';
import { described } from './parameters.js';
import { REFUSALS } from './refusals.js';
import { repaired } from './repairs.js';
import type { Schema, Schemas } from './schema.js';

/** Versions of the OpenAPI specification in which the document is served, the usual one first. */
export const OPENAPI_VERSIONS = ['3.1.0', '3.0.3'] as const;
export type OpenapiVersion = (typeof OPENAPI_VERSIONS)[number];

/** The chapters of the document, in the order in which somebody new needs them. */
const TAGS: Record<string, string> = {
  auth: 'Registering, signing in and staying signed in; asking who is behind a credential.',
  users: 'The own profile and preferences.',
  'api-keys': 'Keys for programs that act as their user.',
  usage: 'Daily limits, credits, reservations, and what decided them.',
  'message-logs': 'Conversations, handed over once and read again.',
  staff: 'Signing in as a staff member, and helping users.',
  admin: 'Signing in as an administrator, and running the installation.',
  experiments: 'Design of experiments: plan, run, analyse, predict, learn.',
  tasks: 'What is to be done: boards, dates, recurrence, calendars.',
  study: 'Topics and documents to read, exercises, time that was studied, and how much is left.',
  operations: 'What operators and their tools ask the service itself.',
};

type PathItem = OpenAPIObject['paths'][string];
export type Operation = NonNullable<PathItem['get']>;
type Drafted = Operation & { 'x-public'?: boolean; 'x-permission'?: string; 'x-refuses'?: number[]; 'x-list'?: DocumentedList };

/** The whole document, made anew: it is large and seldom asked for. */
export function apiDocument(app: NestFastifyApplication, settings: Settings, version: OpenapiVersion): OpenAPIObject {
  const drafted = SwaggerModule.createDocument(app, frame(settings), { extraModels: [ProblemDto], operationIdFactory: operationName });
  // Parts of it are the decorators' own: what is changed here must not be found changed when the document is made again.
  const document = structuredClone(drafted);
  document.components = { ...document.components, ...structuredClone({ parameters: LIST_PARAMETERS, responses: PROBLEM_RESPONSES }) };
  Object.values(document.components.schemas ?? {}).forEach(repaired);
  for (const path of Object.values(document.paths)) onlyOnce(path);
  checked(app, document);
  for (const operation of operationsOf(document)) complete(operation, document);
  document.components.responses = usedOnes(document);
  return version.startsWith('3.0') ? document : modernised(document);
}

function frame(settings: Settings): Omit<OpenAPIObject, 'paths'> {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.0.3')
    .setTitle('Provost')
    .setDescription('The back office of an AI research or study application: users, keys, limits, credits, message logs, experiments, tasks, study, audit.')
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(settings.publicUrl ?? '/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token or an API key.' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' }, 'apiKey');
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const built = builder.build();
  built.info.contact = { name: 'Whoever runs this installation' };
  return built;
}

export function operationsOf({ paths }: OpenAPIObject): Drafted[] {
  return Object.values(paths).flatMap((path) => METHODS.flatMap((method) => path[method] ?? []));
}

/** Says of requests what their validators check. */
function checked(app: NestFastifyApplication, document: OpenAPIObject): void {
  const classes = requestClasses(app);
  const schemas = document.components!.schemas as Schemas;
  for (const { operationId, parameters = [] } of operationsOf(document)) {
    const queries = Object.fromEntries(parameters.flatMap((each) => ('name' in each && each.in === 'query' ? [[each.name, each.schema as Schema]] : [])));
    for (const dto of classes.get(operationId!) ?? []) {
      for (const part of withParts(dto)) tellChecks(part, schemas[part.name]?.properties ?? queries);
    }
  }
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** A route that takes any method is told of once, by the method that proxies use. */
function onlyOnce(path: PathItem & { search?: unknown; query?: unknown }): void {
  if (!path.search) return;
  for (const method of ['put', 'post', 'patch', 'delete', 'options', 'head', 'search', 'query'] as const) delete path[method];
  path.get!.operationId = path.get!.operationId!.replace(/_get$/, '');
}

/** What the decorators do not say: that a public route needs no credentials, and the error answers of every route. */
function complete(operation: Drafted, document: OpenAPIObject): void {
  if (operation['x-list']) operation.parameters = [...(operation.parameters ?? []), ...listParameters(operation['x-list'])];
  delete operation['x-list'];
  if (operation['x-public']) operation.security = [];
  operation.parameters = operation.parameters?.filter((parameter) => !('in' in parameter && parameter.name === 'authorization'));
  for (const parameter of operation.parameters ?? []) described(parameter);
  operation.description = [operation.description, whoMayCall(operation)].filter(Boolean).join('\n\n');
  bodyExamples(operation, document);
  for (const [status, response] of Object.entries(operation.responses)) if (response && 'description' in response) response.description ||= DONE[status] ?? '';
  for (const status of refusalsOf(operation)) operation.responses[status] ??= problemResponse(status, codesOf(operation, status));
  delete operation['x-refuses'];
}

function whoMayCall({ 'x-permission': permission, 'x-public': isPublic }: Drafted): string {
  if (isPublic) return 'Open to everybody.';
  return permission === 'any' ? 'For users and service keys, whatever they may do.' : `Needs \`${permission}\`.`;
}

function refusalsOf(operation: Drafted): number[] {
  const always = operation['x-public'] ? [400, 429, 503] : [400, 401, 403, 429, 503];
  const hasPath = operation.parameters?.some((parameter) => 'in' in parameter && parameter.in === 'path');
  return [...always, ...(hasPath ? [404] : []), ...(operation['x-refuses'] ?? [])];
}

/** Common answers that some operation refers to; others have only answers with codes of their own. */
function usedOnes({ paths, components }: OpenAPIObject): NonNullable<OpenAPIObject['components']>['responses'] {
  const text = JSON.stringify(paths);
  return Object.fromEntries(Object.entries(components?.responses ?? {}).filter(([name]) => text.includes(`"#/components/responses/${name}"`)));
}

/** The codes of this status that can come about in the operation's own work. */
function codesOf({ operationId, parameters = [] }: Drafted, status: number): string[] {
  const isRepeatable = parameters.some((parameter) => 'name' in parameter && parameter.name.toLowerCase() === 'idempotency-key');
  const codes = (REFUSALS[operationId!] ?? []).filter((each) => each.startsWith(`${status} `)).map((each) => each.slice(4));
  return codes.filter((code) => isRepeatable || !code.startsWith('idempotency.'));
}

const DONE: Record<string, string> = {
  200: 'Done; this is how it stands now.',
  201: 'Made.',
  202: 'Taken; what remains happens by itself.',
  204: 'Done; there is nothing to tell.',
};
