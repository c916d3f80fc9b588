import type { INestApplicationContext } from '@nestjs/common';
import { MasterKeys } from '../../platform/crypto/master-keys.js';
import { Rewrapping } from '../../platform/crypto/rewrapping.js';
import { CommandFailed, say, Steps } from '../output.js';

/** Others write meanwhile, at first perhaps with the former key: it takes two or three passes, seldom more. */
const MOST_PASSES = 10;

/** Wraps everything by the current master key, and answers how many values it was. */
export async function rewrapAll(app: INestApplicationContext): Promise<void> {
  const rewrapping = app.get(Rewrapping);
  const { id } = app.get(MasterKeys).current;
  let rewrapped = 0;
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    const steps = new Steps('Wrapping', await rewrapping.countRows());
    const report = await rewrapping.pass((rows) => steps.add(rows)).finally(() => steps.end());
    rewrapped += report.rewrapped;
    if (report.unreadable.size > 0) throw new CommandFailed(`No key opens ${[...report.unreadable].map(([where, count]) => `${count} of ${where}`).join(', ')}. Nothing was removed; put back the missing key and try again.`);
    if (await nothingLeft(app, id)) return say(`Wrapped ${rewrapped} values by master key ${id}; nothing is wrapped by another.`);
  }
  throw new CommandFailed('Another process goes on wrapping with another master key. Does every instance have the new settings, and the same DATA_DIR/keys?');
}

export async function nothingLeft(app: INestApplicationContext, current: string): Promise<boolean> {
  const tally = await app.get(Rewrapping).tally();
  return [...tally.keys()].every((id) => id === current);
}
