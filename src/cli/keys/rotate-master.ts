import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { LOOK_AGAIN_MS, MasterKeys } from '../../platform/crypto/master-keys.js';
import { Rewrapping } from '../../platform/crypto/rewrapping.js';
import { CommandFailed, say } from '../output.js';
import { whileAlone } from './alone.js';
import { nothingLeft, rewrapAll } from './rewrap.js';

/** Until then every process has looked at the folder again. */
const NOTICED_MS = 1.5 * LOOK_AGAIN_MS;
/** A transaction that was begun with the former key is over by then. */
const COMMITTED_MS = 5000;

export async function rotateMaster(app: INestApplicationContext, keepOld: boolean): Promise<void> {
  const masters = app.get(MasterKeys);
  if (!masters.inFiles) throw new CommandFailed('MASTER_KEY gives the master key, so there is no file to replace. Change the setting as docs/keys.md tells, then run "provost keys rewrap".');
  await whileAlone(masters.folder.path, async () => {
    masters.look();
    if (await isUnfinished(app)) say(`Going on with the change to master key ${masters.current.id}.`);
    else await begin(masters);
    await rewrapAll(app);
    await sleep(COMMITTED_MS);
    if (!(await nothingLeft(app, masters.current.id))) await rewrapAll(app);
    if (!keepOld) removeOthers(masters);
  });
}

/** Whether a change was interrupted: an older key still wraps something that the current one should. */
async function isUnfinished(app: INestApplicationContext): Promise<boolean> {
  const { current, folder } = app.get(MasterKeys);
  const tally = await app.get(Rewrapping).tally();
  return folder.all().some(({ id }) => id !== current.id && (tally.get(id) ?? 0) > 0);
}

async function begin(masters: MasterKeys): Promise<void> {
  const next = masters.folder.add();
  masters.folder.makeCurrent(next);
  masters.look();
  say(`Master key ${next.id} is the current one now.`);
  await sleep(NOTICED_MS);
}

function removeOthers(masters: MasterKeys): void {
  const others = new Set(masters.folder.all().map(({ id }) => id));
  others.delete(masters.current.id);
  for (const id of others) masters.folder.remove(id);
  if (others.size > 0) say(`Removed ${[...others].join(', ')}, which wrapped nothing any more.`);
}
