import { createHmac } from 'node:crypto';

export const SECRET_PREFIX = 'whsec_';

/** The value of `webhook-signature` by Standard Webhooks: one `v1` signature for each secret, so that either may be checked during a rotation. */
export function signatureOf(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  return secrets.map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`).join(' ');
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
}
