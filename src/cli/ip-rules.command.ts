import type { INestApplicationContext } from '@nestjs/common';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { IpRulesService, IpRuleTerms } from '../admin/ip-rules/ip-rules.service.js';
import type * as Audit from '../audit/audit.service.js';
import { isNetwork } from '../platform/network/networks.js';
import { withApplication } from './application.js';
import { say, table } from './output.js';

interface AddOptions {
  for: IpRuleTerms['appliesTo'];
  reportOnly?: boolean;
  note?: string;
}

export function ipRulesCommand(program: Command): void {
  const ipRules = program.command('ip-rules').description('networks that admins, staff or all may come from; the way back in for whoever locked themselves out');
  ipRules.command('list').description('every rule').action(() => withRules(async (rules) => show(await rules.all())));
  ipRules
    .command('add <network>')
    .description('let callers in from a network, and from then on only from those that have a rule')
    .addOption(new Option('--for <whom>', 'whom it lets in').choices(['admin', 'staff', 'all']).makeOptionMandatory())
    .option('--report-only', 'refuse nobody: log and count those from elsewhere')
    .option('--note <text>', 'why it is there')
    .action((network: string, options: AddOptions) => withRules(async (rules, { SYSTEM }) => show([await rules.create(SYSTEM, termsOf(network, options), (rule) => rule)])));
  ipRules
    .command('remove <id>')
    .description('remove a rule')
    .action((id: string) => withRules(async (rules, { SYSTEM }) => show([await rules.remove(SYSTEM, id)])));
  ipRules
    .command('clear')
    .description('remove all rules: everybody may come from everywhere')
    .addHelpText('after', '\nRunning services follow within two seconds.')
    .action(() => withRules(async (rules, { SYSTEM }) => say(`Removed: ${await rules.clear(SYSTEM)}. Running services follow within two seconds.`)));
}

function termsOf(network: string, { for: appliesTo, reportOnly, note }: AddOptions): IpRuleTerms {
  if (!isNetwork(network)) throw new InvalidArgumentError(`${network} is neither an address nor a network such as 192.0.2.0/24.`);
  return { cidr: network, appliesTo, mode: reportOnly ? 'report' : 'enforce', note: note ?? null };
}

function withRules(work: (rules: IpRulesService, audit: typeof Audit) => Promise<void>): Promise<void> {
  return withApplication(async (app: INestApplicationContext) => {
    const { IpRulesService } = await import('../admin/ip-rules/ip-rules.service.js');
    await work(app.get(IpRulesService), await import('../audit/audit.service.js'));
  });
}

function show(rules: Awaited<ReturnType<IpRulesService['all']>>): void {
  const rows = rules.map(({ id, cidr, appliesTo, mode, note }) => [id, cidr, appliesTo, mode, note ?? '']);
  say(rows.length > 0 ? table([['id', 'network', 'for', 'mode', 'note'], ...rows]) : 'There are no IP rules: everybody may come from everywhere.');
}
