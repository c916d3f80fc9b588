import type { INestApplicationContext } from '@nestjs/common';
import { type Command, InvalidArgumentError } from 'commander';
import { type Permission, SERVICE_KEY_SCOPES } from '../access/permission.js';
import type { ServiceKeyRecord, ServiceKeysService } from '../api-keys/service-keys.service.js';
import type * as Audit from '../audit/audit.service.js';
import { isNetwork } from '../platform/network/networks.js';
import { withApplication } from './application.js';
import { say, table } from './output.js';

interface CreateOptions {
  name: string;
  scopes: string;
  expires?: string;
  networks?: string[];
}

export function serviceKeyCommand(program: Command): void {
  const serviceKey = program.command('service-key').description('keys of applications, which act for the users they name');
  serviceKey.command('list').description('every service key, without its secret').action(() => withKeys(async (keys) => show(await keys.all())));
  serviceKey
    .command('create')
    .description('make a service key; prints it once')
    .requiredOption('--name <name>', 'which application it is for')
    .requiredOption('--scopes <list>', `what it may do, comma-separated: ${SERVICE_KEY_SCOPES.join(', ')}`)
    .option('--expires <instant>', 'when it stops working, such as 2030-01-01T00:00:00Z', instant)
    .option('--networks <list>', 'where it may be used from, as addresses or CIDRs, comma-separated', networks)
    .addHelpText('after', '\n  provost service-key create --name chat --scopes usage:consume,messages:write')
    .action((options: CreateOptions) => withKeys(async (keys, { SYSTEM }) => tell(await keys.create(SYSTEM, termsOf(options), (issued) => issued))));
  serviceKey
    .command('rotate <id>')
    .description('give a service key a new secret; prints it once')
    .option('--grace-seconds <number>', 'how long the previous one still works', seconds, 86_400)
    .action((id: string, { graceSeconds }: { graceSeconds: number }) => withKeys(async (keys, { SYSTEM }) => tell(await keys.rotate(SYSTEM, id, graceSeconds, (issued) => issued))));
  serviceKey
    .command('revoke <id>')
    .description('end a service key at once; the service notices within two seconds')
    .action((id: string) => withKeys(async (keys, { SYSTEM }) => say(`Revoked ${(await keys.revoke(SYSTEM, id)).id}`)));
}

function termsOf({ name, scopes, expires, networks: allowedCidrs }: CreateOptions): Parameters<ServiceKeysService['create']>[1] {
  return { name, scopes: listOf(scopes) as Permission[], expiresAt: expires, allowedCidrs };
}

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim()).filter(Boolean);
}

function instant(text: string): string {
  if (!/^\d{4}-\d\d-\d\dT.+(?:Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('It must look like 2030-01-01T00:00:00Z.');
  return text;
}

function networks(text: string): string[] {
  const wrong = listOf(text).filter((each) => !isNetwork(each));
  if (wrong.length > 0) throw new InvalidArgumentError(`Neither an address nor a network such as 192.0.2.0/24: ${wrong.join(', ')}.`);
  return listOf(text);
}

function seconds(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of seconds.');
  return Number(text);
}

function withKeys(work: (keys: ServiceKeysService, audit: typeof Audit) => Promise<void>): Promise<void> {
  return withApplication(async (app: INestApplicationContext) => {
    const { ServiceKeysService } = await import('../api-keys/service-keys.service.js');
    await work(app.get(ServiceKeysService), await import('../audit/audit.service.js'));
  });
}

function tell({ apiKey, key }: { apiKey: ServiceKeyRecord; key: string }): void {
  say(`Id      ${apiKey.id}\nScopes  ${apiKey.scopes.join(', ')}\nKey     ${key}   shown once`);
}

function show(keys: readonly ServiceKeyRecord[]): void {
  const rows = keys.map(({ id, name, hint, scopes, expiresAt, lastUsedAt }) => [id, name, `…${hint}`, scopes.join(','), expiresAt?.toISOString() ?? 'never', lastUsedAt?.toISOString() ?? 'never']);
  say(rows.length > 0 ? table([['id', 'name', 'key', 'scopes', 'expires', 'last used'], ...rows]) : 'There are no service keys.');
}
