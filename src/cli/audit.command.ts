import { createPublicKey } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { withApplication } from './application.js';
import { CommandFailed, say } from './output.js';
import { cannotRead, fingerprintOf } from './proofs.js';

export function auditCommand(program: Command): void {
  const audit = program.command('audit').description('the trail of who changed what');
  audit
    .command('verify')
    .description('walk all chains and signed checkpoints; fails and names the first row that was edited, removed, moved, forged or cut off')
    .option('--since <checkpoint>', 'begin at the checkpoint of this number and take what was written before for right', '0')
    .action(({ since }: { since: string }) =>
      withApplication(async (app) => {
        const { AuditVerification } = await import('../audit/audit-verification.js');
        const verification = app.get(AuditVerification);
        const { ok, rows, checkpoints, faults } = await verification.verify(await verification.since(numberOf(since)));
        for (const { kind, id, at, detail } of faults) say(`${kind}  ${at ?? '-'}  ${id ?? '-'}  ${detail}`);
        if (!ok) throw new CommandFailed(`The audit trail is not as it was written: the first of ${faults.length} faults stands above.`);
        say(`${rows} rows in their chains, ${checkpoints} signed checkpoints: nothing was edited, removed, moved or cut off.`);
      }),
    );
  audit
    .command('checkpoint')
    .description('sign where the chains end now; the service does it every five minutes in which something happened')
    .action(() =>
      withApplication(async (app) => {
        const { AuditCheckpoints } = await import('../audit/audit-checkpoints.js');
        const checkpoint = await app.get(AuditCheckpoints).take();
        say(checkpoint ? `Checkpoint ${checkpoint.number} of ${checkpoint.at.toISOString()}.` : 'Nothing has happened yet.');
      }),
    );
  audit
    .command('public-key')
    .description('print the key with which checkpoints and exports are signed, for those who verify them elsewhere')
    .action(() =>
      withApplication(async (app) => {
        const { AuditCheckpoints } = await import('../audit/audit-checkpoints.js');
        say(app.get(AuditCheckpoints).publicKeyText.trimEnd());
      }),
    );
  audit
    .command('verify-export <file>')
    .description('check a file from GET /admin/audit-events/export, without a database; fails and names the first line that is not as it was written')
    .option('--key <file>', 'the public key (PEM) that must have signed it; without one, the key that the file itself names')
    .action(verifyFile);
}

async function verifyFile(file: string, { key }: { key?: string }): Promise<void> {
  const { verifyExport, BadLine } = await import('../audit/export/export-verification.js');
  try {
    const { header, rows, withoutDetails } = await verifyExport(createReadStream(file), key === undefined ? undefined : createPublicKey(readFileSync(key)));
    const { begin, end, publicKey, from, to, exportedAt } = header;
    say(`${rows} rows from ${begin ? `checkpoint ${begin.number} of ${begin.at}` : 'the beginning'} to checkpoint ${end.number} of ${end.at}: none was edited, removed, added or moved.`);
    say(`Only the file's own signature says: exported at ${exportedAt}, asked for from ${from ?? 'the beginning'} to ${to ?? 'then'}, ${withoutDetails} rows without details since somebody was erased.`);
    say(`Signed by key SHA256:${fingerprintOf(publicKey)}, ${key === undefined ? 'which the file itself names: compare it with that of the installation' : 'the one that was given'}.`);
  } catch (error) {
    if (error instanceof BadLine) throw new CommandFailed(`Line ${error.line}: ${error.kind}. ${error.message}`);
    throw cannotRead(error) ? new CommandFailed(error.message) : error;
  }
}

function numberOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new CommandFailed('--since wants the number of a checkpoint.');
  return Number(text);
}
