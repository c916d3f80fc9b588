import type { Command } from 'commander';
import { withApplication } from './application.js';
import { CommandFailed, say } from './output.js';

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
}

function numberOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new CommandFailed('--since wants the number of a checkpoint.');
  return Number(text);
}
