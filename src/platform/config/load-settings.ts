import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { config } from 'dotenv';
import { Settings } from './settings.js';

/** A setting that cannot be used; the message names it, its value's flaw and nothing secret. */
export class SettingsError extends Error {}

/** `.env` in the working directory, then the environment, which wins. */
export function loadSettings(overrides: Partial<Settings> = {}): Settings {
  config({ quiet: true });
  return settingsFrom(process.env, overrides);
}

export function settingsFrom(environment: NodeJS.ProcessEnv, overrides: Partial<Settings> = {}): Settings {
  const given: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(new Settings()), ...OPTIONAL])) {
    const value = environment[environmentName(name)];
    if (value !== undefined && value.trim() !== '') given[name] = value.trim();
  }
  if (typeof given.signingKey === 'string') given.signingKey = given.signingKey.replaceAll('\\n', '\n');
  const settings = plainToInstance(Settings, { ...given, ...overrides }, { exposeDefaultValues: true });
  const errors = validateSync(settings, { whitelist: false, stopAtFirstError: true });
  if (errors.length > 0) {
    const sentences = errors.map((error) => {
      const flaw = Object.values(error.constraints ?? {})[0] ?? 'is not valid';
      return `${environmentName(error.property)} ${flaw.replace(new RegExp(`^${error.property} `), '')}`;
    });
    throw new SettingsError(`Wrong setting: ${sentences.join('; ')}.`);
  }
  return settings;
}

export function environmentName(property: string): string {
  return property.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

const OPTIONAL: (keyof Settings)[] = ['publicUrl', 'metricsToken', 'databaseUrl', 'redisUrl', 'masterKey', 'signingKey', 'adminPassword', 'passwordMinLength', 'smtpUrl', 'appUrl'];
