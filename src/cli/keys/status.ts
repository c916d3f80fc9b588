import type { INestApplicationContext } from '@nestjs/common';
import { SigningKeyRotation } from '../../auth/signing-keys/signing-key-rotation.js';
import { MasterKeys } from '../../platform/crypto/master-keys.js';
import { Rewrapping, UNNAMED } from '../../platform/crypto/rewrapping.js';
import { say, table } from '../output.js';

export async function status(app: INestApplicationContext): Promise<void> {
  const signing = await app.get(SigningKeyRotation).list();
  say('Signing keys');
  say(table([['id', 'state', 'signs from'], ...signing.map(({ kid, state, signsFrom }) => [kid, state, signsFrom.toISOString()])]));
  say('\nMaster keys');
  say(table([['id', 'state', 'where', 'wraps'], ...(await masterKeyRows(app))]));
}

async function masterKeyRows(app: INestApplicationContext): Promise<(string | number)[][]> {
  const masters = app.get(MasterKeys);
  const tally = await app.get(Rewrapping).tally();
  const known = masters.all().map(({ id }) => id);
  const place = (id: string): string => masters.folder.filesOf(id).join(', ') || 'by setting';
  const rows = known.map((id) => [id, id === masters.current.id ? 'current' : 'old', place(id), tally.get(id) ?? 0]);
  const lost = [...tally.keys()].filter((id) => !known.includes(id));
  return [...rows, ...lost.map((id) => [id, id === UNNAMED ? 'from before keys had ids' : 'MISSING', '', tally.get(id)!])];
}
