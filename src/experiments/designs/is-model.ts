import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { PRESETS } from '../terms.js';

const MOST_TERMS = 400;
const LONGEST_TERM = 500;

/** A list of terms. */
export function IsTerms(): PropertyDecorator {
  return ValidateBy({
    name: 'terms',
    validator: { validate: isTerms, defaultMessage: () => `$property must name 1 to ${MOST_TERMS} terms such as A:B` },
  });
}

/** A preset's name, or a list of terms. */
export function IsModel(): PropertyDecorator {
  const isPreset = (value: unknown): boolean => (PRESETS as readonly unknown[]).includes(value);
  const isModel = ValidateBy({
    name: 'model',
    validator: {
      validate: (value: unknown) => isPreset(value) || isTerms(value),
      defaultMessage: () => `$property must be ${PRESETS.join(', ')}, or a list of 1 to ${MOST_TERMS} terms such as "A:B"`,
    },
  });
  // The document's generator takes a union for an object.
  return applyDecorators(isModel, ApiProperty({ oneOf: [{ type: 'string', enum: [...PRESETS] }, { type: 'array', items: { type: 'string' } }] }));
}

function isTerms(value: unknown): boolean {
  const isTerm = (term: unknown): boolean => typeof term === 'string' && term.length > 0 && term.length <= LONGEST_TERM;
  return Array.isArray(value) && value.length > 0 && value.length <= MOST_TERMS && value.every(isTerm);
}
