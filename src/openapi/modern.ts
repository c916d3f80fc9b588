import type { OpenAPIObject } from '@nestjs/swagger';
import type { Schema } from './schema.js';

/** Turns a document of OpenAPI 3.0 into one of 3.1, whose schemas are JSON Schema: what may be null is a type, a bound that is excluded a number. */
export function modernised(document: OpenAPIObject): OpenAPIObject {
  document.openapi = '3.1.0';
  Object.values(document.components?.schemas ?? {}).forEach((schema) => modernise(schema as Schema));
  schemasWithin(document.paths);
  schemasWithin({ ...document.components, schemas: undefined });
  return document;
}

/** Schemas of parameters, bodies and headers; not what is called so in an example. */
function schemasWithin(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'schema') modernise(value as Schema);
    else if (key !== 'example' && key !== 'examples') schemasWithin(value);
  }
}

function modernise(schema: Schema): void {
  partsOf(schema).forEach(modernise);
  if (schema.example !== undefined) schema.examples = [schema.example];
  delete schema.example;
  if (schema.exclusiveMinimum === true) {
    schema.exclusiveMinimum = schema.minimum;
    delete schema.minimum;
  }
  if (schema.nullable) makeNullable(schema);
  delete schema.nullable;
}

function partsOf({ properties = {}, items, additionalProperties, allOf = [], oneOf = [], anyOf = [] }: Schema): Schema[] {
  const others = [items, additionalProperties].filter((each): each is Schema => typeof each === 'object');
  return [...Object.values(properties), ...others, ...allOf, ...oneOf, ...anyOf];
}

function makeNullable(schema: Schema): void {
  const { $ref, allOf, oneOf, anyOf } = schema;
  const inner = $ref ? [{ $ref }] : allOf?.length === 1 ? allOf : allOf ? [{ allOf }] : (oneOf ?? anyOf);
  if (inner) {
    for (const key of ['$ref', 'allOf', 'oneOf', 'type'] as const) delete schema[key];
    schema.anyOf = [...inner, { type: 'null' }];
    return;
  }
  if (typeof schema.type === 'string') schema.type = [schema.type, 'null'];
  if (schema.enum && !schema.enum.includes(null)) schema.enum = [...schema.enum, null];
}
