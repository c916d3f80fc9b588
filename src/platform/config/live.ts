import { getMetadataStorage, validateSync } from 'class-validator';
import type { Settings } from './settings.js';

const texts = new Map<string, string>();

/** An admin may change this setting while the service runs. The text tells what it is, here, in .env.example and over the API. */
export function Live(text: string): PropertyDecorator {
  return (_, property) => void texts.set(String(property), text);
}

type SettingsClass = new () => Settings;
export type LiveName = keyof Settings;
export type LiveValue = string | number | boolean | string[] | undefined;

/** What may be said of a live setting, as its decorators have it. */
export interface LiveDeclaration {
  readonly name: LiveName;
  readonly description: string;
  readonly type: 'integer' | 'boolean' | 'text';
  /** The last word of its name: values are whole numbers of it. */
  readonly unit: string | null;
  readonly min: number | null;
  readonly max: number | null;
}

const UNITS = /(Days|Hours|Minutes|Seconds|Bytes)$/;

/** Every live setting, in the order of the class. */
export function liveDeclarations(of: SettingsClass): LiveDeclaration[] {
  return [...texts].map(([name, description]) => declarationOf(of, name as LiveName, description));
}

export function isLive(name: string): name is LiveName {
  return texts.has(name);
}

/** Why these settings cannot be used as they are: by the property at fault, in words that follow its name. */
export function flawsOf(settings: Settings): Map<string, string> {
  const errors = validateSync(settings, { whitelist: false, stopAtFirstError: true });
  return new Map(errors.map(({ property, constraints }) => [property, (Object.values(constraints ?? {})[0] ?? 'is not valid').replace(new RegExp(`^${property} `), '')]));
}

function declarationOf(of: SettingsClass, name: LiveName, description: string): LiveDeclaration {
  const rules = rulesOf(of, name);
  const bound = (rule: string): number | null => (rules.get(rule)?.[0] as number | undefined) ?? null;
  return {
    name,
    description,
    type: rules.has('isInt') ? 'integer' : rules.has('isBoolean') ? 'boolean' : 'text',
    unit: UNITS.exec(name)?.[1]?.toLowerCase() ?? null,
    min: bound('min'),
    max: bound('max'),
  };
}

/** The validation rules of a property by name, each with what it is given. */
function rulesOf(of: SettingsClass, name: string): Map<string, readonly unknown[]> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(of, '', false, false);
  return new Map(rules.filter(({ propertyName }) => propertyName === name).map((rule) => [rule.name ?? rule.type, (rule.constraints ?? []) as unknown[]]));
}
