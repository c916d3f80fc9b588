import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CommandFailed, say } from './output.js';
import { cannotRead, fingerprintOf } from './proofs.js';

export function experimentCommand(program: Command): void {
  const experiment = program.command('experiment').description('planned experiments and what came of them');
  experiment
    .command('verify-bundle <file>')
    .description('check a file from GET /experiments/{id}/bundle, without a database: who signed it, and every figure of its models computed again from its rows; fails and names the first that differs')
    .option('--key <file>', 'the public key (PEM) that must have signed it, see provost audit public-key; without one, the key that the file itself names')
    .action(verifyFile);
}

async function verifyFile(file: string, { key }: { key?: string }): Promise<void> {
  const { verifyBundle, BadBundle } = await import('../experiments/bundle/verify-bundle.js');
  try {
    const { bundle, figures } = verifyBundle(readFileSync(file, 'utf8'), key === undefined ? undefined : createPublicKey(readFileSync(key)));
    const { experimentId, version, versions, models, predictions, madeAt, madeBy, publicKey } = bundle;
    say(`Experiment ${experimentId} at version ${version}, as it was at ${madeAt}: its ${versions.length} versions lead to its rows without a gap.`);
    say(`${models.length} models and ${predictions.length} predictions by Provost ${madeBy}: ${figures} figures computed again from the rows, all the same.`);
    say(`Signed by key SHA256:${fingerprintOf(publicKey)}, ${key === undefined ? 'which the file itself names: compare it with that of the installation' : 'the one that was given'}.`);
  } catch (error) {
    if (error instanceof BadBundle) throw new CommandFailed(`${error.kind}: ${error.message}`);
    throw cannotRead(error) ? new CommandFailed(error.message) : error;
  }
}
