import type { INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { getMetadataStorage } from 'class-validator';
import type { Schema } from './schema.js';

/** A class of requests, with what the swagger plugin has put into it at build time. */
interface Dto {
  new (): object;
  _OPENAPI_METADATA_FACTORY?(): Record<string, { type?: string | (() => unknown) }>;
}

/** The classes of requests that each handler takes, by the name of its operation. */
export function requestClasses(app: INestApplication): Map<string, Dto[]> {
  const classes = new Map<string, Dto[]>();
  const scanner = new MetadataScanner();
  for (const { instance, metatype } of app.get(DiscoveryService, { strict: false }).getControllers()) {
    const prototype = Object.getPrototypeOf(instance) as object;
    for (const method of scanner.getAllMethodNames(prototype)) {
      const types = (Reflect.getMetadata('design:paramtypes', prototype, method) ?? []) as (Dto | undefined)[];
      classes.set(operationName(metatype!.name, method), types.filter(isDto));
    }
  }
  return classes;
}

export function operationName(controller: string, method: string): string {
  return `${controller.replace(/Controller$/, '')}_${method}`;
}

function isDto(type: unknown): type is Dto {
  return typeof (type as Dto | undefined)?._OPENAPI_METADATA_FACTORY === 'function';
}

/** A class and all that its fields consist of. */
export function withParts(dto: Dto, known = new Set<Dto>()): Set<Dto> {
  if (known.has(dto)) return known;
  known.add(dto);
  const types = Object.values(dto._OPENAPI_METADATA_FACTORY!()).map(({ type }) => (typeof type === 'function' ? [type()].flat()[0] : undefined));
  types.filter(isDto).forEach((part) => withParts(part, known));
  return known;
}

/**
 * Writes what the validators of a class check into the schemas of its fields. The generator of the document reads the
 * source of the decorators: it passes over what it cannot compute, takes a positive number for one of at least 1, and
 * knows nothing of whole numbers.
 */
export function tellChecks(dto: Dto, fields: Readonly<Record<string, Schema>>): void {
  for (const { name, propertyName, constraints, each } of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    const field = fields[propertyName];
    // A minus before a name in a decorator, say, makes the plugin leave out the field and all its neighbours.
    if (!field) throw new Error(`The document lacks ${dto.name}.${propertyName}: the swagger plugin cannot read one of its decorators.`);
    const schema = each ? field.items : field;
    if (schema) CHECKS[name ?? '']?.(schema, (constraints ?? []) as unknown[]);
  }
}

type Tell = (schema: Schema, constraints: unknown[]) => void;

const CHECKS: Readonly<Record<string, Tell>> = {
  isInt: (schema) => {
    if (schema.type === 'number') schema.type = 'integer';
  },
  isPositive: (schema) => {
    schema.minimum = 0;
    schema.exclusiveMinimum = true;
  },
  min: (schema, [least]) => {
    schema.minimum = least as number;
  },
  max: (schema, [most]) => {
    schema.maximum = most as number;
  },
  isIn: (schema, [values]) => {
    if (schema.type === 'string') schema.enum ??= [...(values as unknown[])];
  },
  isUuid: (schema) => {
    schema.format = 'uuid';
  },
  isInstant: (schema) => {
    schema.format = 'date-time';
  },
  isDay: (schema) => {
    schema.format = 'date';
  },
};
