import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';

/* eslint-disable no-control-regex -- control characters are what is looked for */
const CONTROL = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]*$/;
const CONTROL_IN_LINES = /^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]*$/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;

/** A name as people type it: NFC, trimmed, without control characters or half characters. */
export function CleanText(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? cleaned(value) : value)),
    Matches(CONTROL, { message: '$property must not contain control characters' }),
  );
}

/** As CleanText, but line breaks and tabs may stand in it: `\n` for every kind of line break. */
export function CleanLines(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? cleaned(value.replace(/\r\n?/g, '\n')) : value)),
    Matches(CONTROL_IN_LINES, { message: '$property must not contain control characters other than line breaks and tabs' }),
  );
}

/** For lists of names, which `Matches` looks through one by one. */
export function cleanTexts(value: unknown): unknown {
  return Array.isArray(value) ? value.map((each: unknown) => (typeof each === 'string' ? cleaned(each) : each)) : value;
}

function cleaned(text: string): string {
  // A half of a surrogate pair cannot be stored as UTF-8; it becomes a control character, which the check names.
  return LONE_SURROGATE.test(text) ? '\u0000' : text.normalize('NFC').trim();
}

/** The form in which names are compared: compatibility-normalised, case folded. */
export function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}
