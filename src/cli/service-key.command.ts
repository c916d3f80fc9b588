import type { Command } from 'commander';
import { type Permission, SERVICE_KEY_SCOPES } from '../access/permission.js';
import { withApplication } from './application.js';
import { say } from './output.js';

export function serviceKeyCommand(program: Command): void {
  const serviceKey = program.command('service-key').description('keys of applications, which act for the users they name');
  serviceKey
    .command('create')
    .description('make a service key; prints it once')
    .requiredOption('--name <name>', 'which application it is for')
    .requiredOption('--scopes <list>', `what it may do, comma-separated: ${SERVICE_KEY_SCOPES.join(', ')}`)
    .addHelpText('after', '\n  provost service-key create --name chat --scopes usage:consume,messages:write')
    .action(({ name, scopes }: { name: string; scopes: string }) =>
      withApplication(async (app) => {
        const { ApiKeysService } = await import('../api-keys/api-keys.service.js');
        const { SYSTEM } = await import('../audit/audit.service.js');
        const wanted = scopes.split(',').map((scope) => scope.trim()).filter(Boolean) as Permission[];
        const { apiKey, key } = await app.get(ApiKeysService).createServiceKey(SYSTEM, name, wanted);
        say(`Id      ${apiKey.id}\nScopes  ${apiKey.scopes.join(', ')}\nKey     ${key}   shown once`);
      }),
    );
  serviceKey
    .command('revoke <id>')
    .description('end a service key at once; the service notices within two seconds')
    .action((id: string) =>
      withApplication(async (app) => {
        const { ApiKeysService } = await import('../api-keys/api-keys.service.js');
        const { SYSTEM } = await import('../audit/audit.service.js');
        await app.get(ApiKeysService).revokeServiceKey(SYSTEM, id);
        say(`Revoked ${id}`);
      }),
    );
}
