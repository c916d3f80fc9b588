import { coded, type Setting } from './factors.js';
import { SettingRefused } from './factors.errors.js';
import { factorOf, type Parameter } from './parameters/parameter.entity.js';

/** Values by the parameter's name, as people write them. */
export type NamedSettings = Readonly<Record<string, Setting>>;
/** Values by the parameter's id, as they are kept: a parameter may be renamed. */
export type SettingsById = Readonly<Record<string, Setting>>;

/** Takes names or ids; every parameter must be set, to a value that it can have. Values outside its range are allowed: they happen. */
export function settingsById(parameters: readonly Parameter[], given: NamedSettings): Record<string, Setting> {
  const settings = partialSettings(parameters, given);
  const missing = parameters.filter(({ id }) => !Object.hasOwn(settings, id));
  if (missing.length > 0) throw new SettingRefused('missing', `Set ${missing.map(({ name }) => name).join(', ')} as well.`);
  demandWhole(parameters, settings);
  return settings;
}

/** Some parameters may be left out: those that were added when the runs were there already. */
export function partialSettings(parameters: readonly Parameter[], given: NamedSettings): Record<string, Setting> {
  const known = new Map(parameters.flatMap((parameter) => [[parameter.id, parameter], [parameter.name, parameter]]));
  const settings: Record<string, Setting> = {};
  for (const [name, value] of Object.entries(given)) {
    const parameter = known.get(name);
    if (!parameter) throw new SettingRefused('unknown', `${name.slice(0, 64)} is no parameter of this experiment; there are ${parameters.map((each) => each.name).join(', ') || 'none'}.`);
    settings[parameter.id] = checked(parameter, value);
  }
  return settings;
}

export function settingsByName(parameters: readonly Parameter[], settings: SettingsById): Record<string, Setting> {
  return Object.fromEntries(parameters.filter(({ id }) => Object.hasOwn(settings, id)).map(({ id, name }) => [name, settings[id]!]));
}

function checked(parameter: Parameter, value: Setting): Setting {
  const factor = factorOf(parameter);
  coded(factor, value);
  if (parameter.kind === 'discrete' && !parameter.levels!.includes(value)) {
    throw new SettingRefused('unknown-level', `${parameter.name} has no level ${value}; its levels are ${parameter.levels!.join(', ')}.`);
  }
  return parameter.kind === 'categorical' ? String(value) : value;
}

/** Shares of a mixture add up to one. */
function demandWhole(parameters: readonly Parameter[], settings: SettingsById): void {
  const shares = parameters.filter(({ kind }) => kind === 'mixture').map(({ id }) => settings[id] as number);
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.length > 0 && Math.abs(sum - 1) > 1e-6) throw new SettingRefused('shares', `The shares of a mixture must add up to 1; these add up to ${sum}.`);
}
