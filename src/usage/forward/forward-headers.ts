import type { Admitted } from './forward.service.js';

const text = (description: string): { description: string; schema: { type: 'string' } } => ({ description, schema: { type: 'string' } });

/** For the OpenAPI document. */
export const FORWARD_HEADERS = {
  'X-Provost-Subject': text("The user's id, or the key's for a service key."),
  'X-Provost-Kind': text('`user` or `service`.'),
  'X-Provost-Plan': text("The name of the user's plan, percent-encoded where it is not ASCII; empty for a service key."),
  'X-Provost-Scopes': text('What the caller may do, with spaces between.'),
};

/** All four are always there: a proxy that copies them replaces whatever the client sent by those names. */
export function headersFor({ subject, kind, plan = '', scopes }: Admitted): Record<keyof typeof FORWARD_HEADERS, string> {
  return { 'X-Provost-Subject': subject, 'X-Provost-Kind': kind, 'X-Provost-Plan': asciiOf(plan), 'X-Provost-Scopes': [...scopes].join(' ') };
}

function asciiOf(name: string): string {
  return name.replace(/[^\x20-\x7e]|%/gu, encodeURIComponent);
}
