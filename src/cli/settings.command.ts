import type { Command } from 'commander';
import type { SettingsAdminService } from '../admin/settings/settings-admin.service.js';
import type { LiveSetting } from '../platform/config/live-settings.js';
import { withApplication } from './application.js';
import { CommandFailed, say, table } from './output.js';

export function settingsCommand(program: Command): void {
  const settings = program.command('settings').description('settings that can be changed while the service runs');
  settings.command('list').description('each with its value and who said so').action(() => withSettings(async (service) => show((await service.list()).settings)));
  settings
    .command('set <name> <value>')
    .description('change a setting; running services follow within two seconds')
    .addHelpText('after', '\n  provost settings set DELETED_USER_DAYS 60\n  provost settings set registrationOpen false')
    .action((name: string, value: string) => change(name, (setting) => typed(setting, value)));
  settings
    .command('unset <name>')
    .description('fall back to the environment or the default')
    .action((name: string) => change(name, () => null));
}

function change(name: string, valueFor: (setting: LiveSetting) => unknown): Promise<void> {
  return withSettings(async (service) => {
    const { SYSTEM } = await import('../audit/audit.service.js');
    const known = (await service.list()).settings;
    const setting = known.find((each) => [each.name, each.environmentName].includes(name));
    if (!setting) throw new CommandFailed(`${name} cannot be changed while the service runs; provost settings list shows what can.`);
    await service.change(SYSTEM, { [setting.name]: valueFor(setting) });
    show((await service.list()).settings.filter((each) => each.name === setting.name));
  });
}

/** A word that is no value of the setting's type stays a word: the service says what is allowed. */
function typed({ type }: LiveSetting, text: string): unknown {
  if (type === 'integer' && /^\d+$/.test(text)) return Number(text);
  return type === 'boolean' && /^(?:true|false)$/.test(text) ? text === 'true' : text;
}

function withSettings(work: (service: SettingsAdminService) => Promise<void>): Promise<void> {
  return withApplication(async (app) => {
    const { SettingsAdminService } = await import('../admin/settings/settings-admin.service.js');
    await work(app.get(SettingsAdminService));
  });
}

function show(settings: readonly LiveSetting[]): void {
  const rows = settings.map(({ environmentName, value, source, updatedAt }) => [environmentName, String(value ?? ''), source, updatedAt ?? '']);
  say(table([['setting', 'value', 'set by', 'changed'], ...rows]));
}
