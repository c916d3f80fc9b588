import type { INestApplicationContext } from '@nestjs/common';
import { type Command, InvalidArgumentError } from 'commander';
import type { PlanChange, PlansService } from '../usage/plans.service.js';
import { withApplication } from './application.js';
import { say, table } from './output.js';

/** Commander takes null for a value that is missing, so the word stays a word until the end. */
type Limit = number | 'unlimited';

interface PlanOptions {
  conversationsPerDay?: Limit;
  creditsPerMonth?: number;
  requestsPerMinute?: Limit;
  feature?: Record<string, unknown>;
  default?: true;
}

export function planCommand(program: Command): void {
  const plan = program.command('plan').description('what users may use');
  plan.command('list').description('every plan and its limits').action(list);
  plan
    .command('set <name>')
    .description('make a plan, or change what is given of it')
    .option('--conversations-per-day <number>', 'or "unlimited"', numberOrUnlimited)
    .option('--credits-per-month <number>', 'given anew each month', wholeNumber)
    .option('--requests-per-minute <number>', 'or "unlimited"', numberOrUnlimited)
    .option('--feature <name=json>', 'something of your application that the plan switches on; may be repeated', feature)
    .option('--default', 'the plan of whoever has none of their own')
    .addHelpText('after', HELP)
    .action(set);
}

const HELP = `
  provost plan set team --conversations-per-day 500 --credits-per-month 1000 --feature export=true
  provost plan set free --conversations-per-day 50 --default`;

function list(): Promise<void> {
  return withApplication(async (app) => show(await (await plansOf(app)).all()));
}

function set(name: string, options: PlanOptions): Promise<void> {
  return withApplication(async (app) => {
    const { SYSTEM } = await import('../audit/audit.service.js');
    const plans = await plansOf(app);
    const known = (await plans.all()).find((plan) => plan.name === name);
    show([await plans.set(SYSTEM, name, changeOf(options, known?.features))]);
  });
}

async function plansOf(app: INestApplicationContext): Promise<PlansService> {
  const { PlansService } = await import('../usage/plans.service.js');
  return app.get(PlansService);
}

/** Only what was given: what is absent stays as it is. */
function changeOf({ conversationsPerDay, creditsPerMonth, requestsPerMinute, feature: features, default: isDefault }: PlanOptions, before: object | undefined): PlanChange {
  return {
    ...(conversationsPerDay !== undefined && { conversationsPerDay: limitOf(conversationsPerDay) }),
    ...(creditsPerMonth !== undefined && { creditsPerMonth }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute: limitOf(requestsPerMinute) }),
    ...(features && { features: { ...before, ...features } }),
    ...(isDefault && { isDefault }),
  };
}

function limitOf(limit: Limit): number | null {
  return limit === 'unlimited' ? null : limit;
}

function show(plans: Awaited<ReturnType<PlansService['all']>>): void {
  const head = ['plan', 'conversations/day', 'credits/month', 'requests/minute', 'features', ''];
  const rows = plans.map(({ name, conversationsPerDay, creditsPerMonth, requestsPerMinute, features, isDefault }) => [
    name, conversationsPerDay ?? 'unlimited', creditsPerMonth, requestsPerMinute ?? 'unlimited', JSON.stringify(features), isDefault ? 'default' : '',
  ]);
  say(table([head, ...rows]));
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0.');
  return Number(text);
}

function numberOrUnlimited(text: string): Limit {
  return text === 'unlimited' ? text : wholeNumber(text);
}

function feature(text: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const [, name, json] = /^([A-Za-z][\w.-]{0,63})=(.+)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('It must look like export=true or seats=5.');
  try {
    return { ...before, [name]: JSON.parse(json!) as unknown };
  } catch {
    throw new InvalidArgumentError(`${json} is not JSON; text wants quotes, as in colour='"red"'.`);
  }
}
