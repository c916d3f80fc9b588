import { ValidateBy } from 'class-validator';

/** What stands in a header or an SMTP command as it is: no line ends, no spaces, nothing that begins a second address. */
const ADDRESS = /^[^\s\p{C}@<>(),;:\\"[\]]{1,64}@[^\s\p{C}@<>(),;:\\"[\]]{1,188}$/u;
const SENDER = /^(?:([^\p{C}<>"\\]{0,120}?) *<([^<>]+)>|([^<>]+))$/u;
const MAX_SUBJECT = 200;

export interface Sender {
  readonly name: string;
  readonly address: string;
}

export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** Reads an address, or `Name <address>`. */
export function senderOf(text: string): Sender | undefined {
  const [, name = '', named, bare] = SENDER.exec(text) ?? [];
  const address = named ?? bare ?? '';
  return isMailAddress(address) ? { name, address } : undefined;
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** A subject on one line, whatever is put into it. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]+/gu, ' ').trim().slice(0, MAX_SUBJECT);
}

/** Text for logs and errors: whose mail it is stays out, which server it was for does not. */
export function withoutNames(text: string): string {
  return text.replace(/[^\s<>"@]+@/g, '…@');
}

export function IsSender(): PropertyDecorator {
  return ValidateBy({
    name: 'isSender',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && senderOf(value) !== undefined,
      defaultMessage: () => 'must be an address or Name <address>',
    },
  });
}
