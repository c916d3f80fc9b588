import { plainToInstance } from 'class-transformer';
import { config } from 'dotenv';
import { flawsOf } from './live.js';
import { Settings } from './settings.js';

/** A setting that cannot be used; the message names it, its value's flaw and nothing secret. */
export class SettingsError extends Error {}

/** `.env` in the working directory, then the environment, which wins. */
export function loadSettings(overrides: Partial<Settings> = {}): Settings {
  config({ quiet: true });
  return settingsFrom(process.env, overrides);
}

export function settingsFrom(environment: NodeJS.ProcessEnv, overrides: Partial<Settings> = {}): Settings {
  const values: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(new Settings()), ...OPTIONAL])) {
    const value = environment[environmentName(name)];
    if (value !== undefined && value.trim() !== '') values[name] = value.trim();
  }
  if (typeof values.signingKey === 'string') values.signingKey = values.signingKey.replaceAll('\\n', '\n');
  const settings = plainToInstance(Settings, { ...values, ...overrides }, { exposeDefaultValues: true });
  const flaws = flawsOf(settings);
  if (flaws.size > 0) {
    const sentences = [...flaws].map(([property, flaw]) => `${environmentName(property)} ${flaw}`);
    throw new SettingsError(`Wrong setting: ${sentences.join('; ')}.`);
  }
  given.set(settings, new Set(Object.keys({ ...values, ...overrides })));
  return settings;
}

const given = new WeakMap<Settings, ReadonlySet<string>>();

/** Whether a setting's value is from the environment; else it is the default. */
export function isGiven(settings: Settings, name: string): boolean {
  return given.get(settings)?.has(name) ?? false;
}

export function environmentName(property: string): string {
  return property.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

const OPTIONAL: (keyof Settings)[] = ['publicUrl', 'metricsToken', 'databaseUrl', 'databaseTlsCa', 'redisUrl', 'masterKey', 'signingKey', 'adminPassword', 'passwordMinLength', 'smtpUrl', 'appUrl', 's3Bucket', 's3Endpoint', 's3AccessKeyId', 's3SecretAccessKey'];
