import { Temporal } from 'temporal-polyfill';
import type { Due } from '../due/due.js';
import { RecurrenceRefused } from './recurrence.problems.js';

/** `FREQ=WEEKLY;BYDAY=MO,FR`, with or without `RRULE:` before it. */
export const RULE_FORM = /^(?:RRULE:)?[A-Z-]{1,20}=[A-Z0-9,+-]{1,200}(?:;[A-Z-]{1,20}=[A-Z0-9,+-]{1,200}){0,15};?$/i;

const DAY = 'MO|TU|WE|TH|FR|SA|SU';
const list = (item: string): RegExp => new RegExp(`^(?:${item})(?:,(?:${item})){0,59}$`);

/** The parts of an RRULE (RFC 5545 3.3.10) that a task takes. The library drops what is out of range without a word, so that is looked at here. */
const PARTS: Readonly<Record<string, RegExp>> = {
  FREQ: /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^(?:[1-9]\d{0,2}|1000)$/,
  UNTIL: /^\d{8}(?:T\d{6}Z?)?$/,
  WKST: new RegExp(`^(?:${DAY})$`),
  BYDAY: list(`(?:[+-]?(?:[1-9]|[1-4]\\d|5[0-3]))?(?:${DAY})`),
  BYMONTHDAY: list('[+-]?(?:[1-9]|[12]\\d|3[01])'),
  BYYEARDAY: list('[+-]?(?:[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
  BYWEEKNO: list('[+-]?(?:[1-9]|[1-4]\\d|5[0-3])'),
  BYMONTH: list('[1-9]|1[0-2]'),
  BYSETPOS: list('[+-]?(?:[1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
  BYHOUR: list('\\d|1\\d|2[0-3]'),
  BYMINUTE: list('\\d|[1-5]\\d'),
};

/** The rule as it is kept: in capitals, without its name, its end of the kind that its due date is. */
export function ruleOf(text: string, due: Due): string {
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().replace(/^RRULE:/, '').replace(/;$/, '').split(';')) {
    const [name, value] = part.split('=') as [string, string];
    if (!Object.hasOwn(PARTS, name)) throw new RecurrenceRefused(`A recurrence has no ${name}; it may have ${Object.keys(PARTS).join(', ')}.`);
    if (parts.has(name)) throw new RecurrenceRefused(`A recurrence has one ${name} at most.`);
    if (!PARTS[name]!.test(value)) throw new RecurrenceRefused(wrong(name));
    parts.set(name, name === 'UNTIL' ? endOf(value, due) : value);
  }
  if (!parts.has('FREQ')) throw new RecurrenceRefused('A recurrence needs FREQ.');
  if (parts.has('COUNT') && parts.has('UNTIL')) throw new RecurrenceRefused('A recurrence ends by COUNT or by UNTIL, not by both.');
  if (due.time === null && (parts.has('BYHOUR') || parts.has('BYMINUTE'))) throw new RecurrenceRefused('What is due on whole days cannot recur at a time; give dueDate a time.');
  return [...parts].map((part) => part.join('=')).join(';');
}

function wrong(name: string): string {
  if (name === 'FREQ') return 'Tasks recur DAILY, WEEKLY, MONTHLY or YEARLY.';
  if (name === 'COUNT' || name === 'INTERVAL') return `${name} of a recurrence must be a number from 1 to ${name === 'COUNT' ? 1000 : 999}.`;
  return `${name} of this recurrence has a value that it cannot have.`;
}

/** A day for whole days, an instant for times: the last moment of a day, where only that is given. */
function endOf(text: string, { time, zone }: Due): string {
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  const clock = text.length > 8 ? `${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13, 15)}` : '23:59:59';
  try {
    const local = Temporal.PlainDateTime.from(`${day}T${clock}`, { overflow: 'reject' });
    const end = text.endsWith('Z') ? local.toZonedDateTime('UTC').withTimeZone(zone) : local.toZonedDateTime(zone);
    if (time === null) return compact(end.toPlainDate().toString());
    return `${compact(end.withTimeZone('UTC').toPlainDateTime().toString({ smallestUnit: 'second' }))}Z`;
  } catch {
    throw new RecurrenceRefused('UNTIL of a recurrence must be a day or an instant that exists.');
  }
}

function compact(text: string): string {
  return text.replace(/[-:]/g, '');
}
