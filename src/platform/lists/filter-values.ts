import { refuse } from './dialects.js';
import type { Filter } from './listing.js';

export type FilterValue = string | number | Date;

const MOST_VALUES = 100;
const LONGEST = 256;
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** What clients wrote, as the column holds it. */
export function valuesOf(name: string, texts: readonly string[], filter: Filter<never>): FilterValue[] {
  if (texts.length > MOST_VALUES) refuse(name, 'too-many', `${name} takes ${MOST_VALUES} values at most.`);
  return texts.map((text) => valueOf(name, text, filter));
}

function valueOf(name: string, text: string, filter: Filter<never>): FilterValue {
  switch (filter.kind) {
    case 'text':
      return textOf(name, text, filter.fold);
    case 'number':
      return numberOf(name, text);
    case 'instant':
      return instantOf(name, text);
    case 'flag':
      if (!['true', 'false'].includes(text)) refuse(name, 'flag', `${name} must be true or false.`);
      return text === 'true' ? 1 : 0;
    case 'outside':
      return textOf(name, text);
    default:
      if (filter.words && !filter.words.includes(text)) refuse(name, 'word', `${name} must be one of ${filter.words.join(', ')}.`);
      return textOf(name, text);
  }
}

function textOf(name: string, text: string, fold?: (text: string) => string): string {
  if (text.length > LONGEST) refuse(name, 'too-long', `${name} must not be longer than ${LONGEST} characters.`);
  return fold ? fold(text) : text;
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) refuse(name, 'number', `${name} must be a number.`);
  return number;
}

/** A day alone is its first moment in UTC. */
function instantOf(name: string, text: string): Date {
  const withZone = /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}${text.includes('T') ? 'Z' : 'T00:00:00Z'}`;
  const instant = new Date(withZone);
  if (!INSTANT.test(text) || Number.isNaN(instant.getTime())) refuse(name, 'instant', `${name} must be an instant such as 2030-01-31T12:00:00Z, or a day.`);
  return instant;
}
