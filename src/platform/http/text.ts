import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';

/* eslint-disable no-control-regex -- control characters are what is looked for */
const CONTROL = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]*$/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;

/** A name as people type it: NFC, trimmed, without control characters or half characters. */
export function CleanText(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? cleaned(value) : value)),
    Matches(CONTROL, { message: '$property must not contain control characters' }),
  );
}

function cleaned(text: string): string {
  // A half of a surrogate pair cannot be stored as UTF-8; it becomes a control character, which the check names.
  return LONE_SURROGATE.test(text) ? '\u0000' : text.normalize('NFC').trim();
}

/** The form in which names are compared: compatibility-normalised, case folded. */
export function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}
