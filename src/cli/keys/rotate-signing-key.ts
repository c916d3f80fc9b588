import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { SigningKeyRotation } from '../../auth/signing-keys/signing-key-rotation.js';
import { CommandFailed, say } from '../output.js';

/** How long running instances take at most to hear of a new key. */
const HEARD_MS = 2000;

export async function rotateSigningKey(app: INestApplicationContext, when: 'on time' | 'now' | 'leaked'): Promise<void> {
  const rotation = app.get(SigningKeyRotation);
  // A key that lay waiting beside the one that leaked may have leaked with it.
  if (when === 'leaked') await rotation.removeAll('new');
  const { kid, signsFrom } = await rotation.prepare();
  say(`New signing key ${kid}, published at /.well-known/jwks.json.`);
  if (when === 'on time') return say(`It signs from ${signsFrom.toISOString()}.`);
  await sleep(HEARD_MS);
  if (!(await rotation.promote(kid))) throw new CommandFailed('Another process has changed the signing keys meanwhile; see "provost keys status".');
  say('It signs from now on.');
  if (when === 'now') return say('The former key verifies until its last token is over.');
  await rotation.removeAll('retired');
  say('What other keys signed is refused from now on.');
}
