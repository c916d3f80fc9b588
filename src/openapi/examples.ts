import type { OpenAPIObject } from '@nestjs/swagger';
import type { Operation } from './api-document.js';
import type { Schema, Schemas } from './schema.js';

export const ID = '0198c9d2-7a44-7c31-9d0e-5b6f0a2c4e81';
const INSTANT = '2026-03-02T09:30:00.000Z';

/** Puts an example beside every JSON body that a request or a successful answer carries. */
export function bodyExamples({ requestBody, responses }: Operation, { components }: OpenAPIObject): void {
  const schemas = (components?.schemas ?? {}) as Schemas;
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2')).map(([, response]) => response);
  for (const body of [requestBody, ...successes]) {
    const json = body && 'content' in body ? body.content?.['application/json'] : undefined;
    if (json?.schema && json.example === undefined && json.examples === undefined) json.example = exampleOf(json.schema as Schema, { schemas, isSent: body === requestBody });
  }
}

interface Place {
  readonly schemas: Schemas;
  /** Of a request, where it shows what must be sent and what a doc comment gives an example of, rather than everything. */
  readonly isSent?: boolean;
  /** The property it is the value of. */
  readonly name?: string;
  /** Schemas it is inside of: one that contains itself ends here. */
  readonly inside?: readonly string[];
}

/** A value that this schema allows, the same every time: what the doc comments give as examples, and otherwise what its name and type suggest. */
export function exampleOf(schema: Schema, place: Place): unknown {
  const { example, default: usual } = schema;
  if (example !== undefined) return example;
  if (schema.$ref) return named(schema.$ref, place);
  if (schema.allOf) return allOf(schema, place);
  const [alternative] = schema.oneOf ?? schema.anyOf ?? [];
  if (alternative) return exampleOf(alternative, place);
  if (usual !== undefined) return usual;
  if (schema.enum) return schema.enum[0];
  return ofType(schema, place);
}

function named(reference: string, place: Place): unknown {
  const { schemas, inside = [] } = place;
  const target = reference.split('/').at(-1)!;
  if (inside.includes(target)) return undefined;
  return exampleOf(schemas[target]!, { ...place, inside: [...inside, target] });
}

function allOf({ allOf: parts = [], ...rest }: Schema, place: Place): unknown {
  const values = [...parts, rest].map((part) => exampleOf(part, place)).filter((value) => value !== undefined);
  return values.length === 1 || typeof values[0] !== 'object' ? values[0] : Object.assign({}, ...(values as object[]));
}

function ofType(schema: Schema, place: Place): unknown {
  const [type] = [schema.type].flat().filter((each) => each !== 'null');
  switch (type) {
    case 'object':
      return object(schema, place);
    case 'array':
      return list(schema, place);
    case 'integer':
    case 'number':
      return Math.min(Math.max(NUMBERS[place.name ?? ''] ?? 1, schema.minimum ?? -Infinity), schema.maximum ?? Infinity);
    case 'boolean':
      return true;
    case 'string':
      return text(schema, place.name ?? '');
    default:
      return schema.properties ? object(schema, place) : undefined;
  }
}

function object({ properties = {}, required = [], additionalProperties }: Schema, place: Place): object {
  const all = Object.entries(properties);
  const needed = place.isSent ? all.filter(([name, { example }]) => required.includes(name) || example !== undefined) : all;
  const entries = (needed.length > 0 ? needed : all).map(([name, property]) => [name, exampleOf(property, { ...place, name })] as const);
  if (entries.length === 0 && typeof additionalProperties === 'object') return { example: exampleOf(additionalProperties, { ...place, name: 'value' }) };
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function list({ items = {}, minItems = 1 }: Schema, place: Place): unknown[] {
  const item = exampleOf(items, { ...place, name: place.name?.replace(/s$/, '') });
  return item === undefined ? [] : Array.from({ length: Math.max(1, minItems) }, () => item);
}

function text({ format, minLength = 0, maxLength = Infinity }: Schema, name: string): string {
  const known = FORMATS[format ?? ''] ?? NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? 'text';
  return known.padEnd(minLength, 'x').slice(0, maxLength);
}

const FORMATS: Record<string, string> = { uuid: ID, 'date-time': INSTANT, date: '2026-03-02', email: 'ada@example.org', uri: 'https://example.org/', binary: '' };

/** What a text is by the name of its field. */
const NAMES: readonly [RegExp, string][] = [
  [/^id$|Id$|^subject$|^sub$/, ID],
  [/At$|^at$|^until$|Until$/, INSTANT],
  [/^day$|^date$|Date$|^from$|^to$/, '2026-03-02'],
  [/email/i, 'ada@example.org'],
  [/username|^login$/i, 'ada'],
  [/password/i, 'small engines, big gears'],
  [/^name$/, 'Ada Lovelace'],
  [/^ip$|Ip$/, '203.0.113.9'],
  [/timeZone/i, 'Europe/Berlin'],
  [/cidr/i, '203.0.113.0/24'],
  [/^kind$/, 'user'],
  [/^plan$/, 'free'],
  [/scope|permission/i, 'usage:read'],
  [/^model$/, 'llama-3-8b'],
  [/cursor/i, 'eyJ2IjoxfQ'],
  [/userAgent/, 'Mozilla/5.0'],
  [/^reason$/, 'Asked for by mail.'],
];

const NUMBERS: Record<string, number> = { status: 200, expiresIn: 900, balance: 100, limit: 100, version: 1 };
