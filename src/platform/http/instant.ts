import { ValidateBy } from 'class-validator';

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** An instant as RFC 3339 writes it. ISO 8601 has weeks and ordinal days besides, which Date cannot read. */
export function IsInstant(): PropertyDecorator {
  return ValidateBy({ name: 'isInstant', validator: { validate: isInstant, defaultMessage: () => '$property must be an instant such as 2030-01-31T12:00:00Z' } });
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && FORM.test(value) && !Number.isNaN(Date.parse(value));
}
