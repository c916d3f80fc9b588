import { FitRefused } from '../analysis/analysis.errors.js';
import type { Factor, Setting } from '../factors.js';
import type { ModelContents } from '../models/figures.js';
import { type NamedSettings, settingsById, type SettingsById } from '../named-settings.js';
import { Parameter } from '../parameters/parameter.entity.js';

/** A point at which something is predicted. */
export interface Point {
  readonly settings: NamedSettings;
  readonly label?: string | null;
  /** Where the model knows blocks; the first one if absent. */
  readonly block?: string | number;
}

export interface PlacedPoint {
  readonly settings: SettingsById;
  readonly block: string | null;
  /** In the order of the model's factors. */
  readonly row: Setting[];
}

/** The parameters of a model as it knows them, called what they are called now. */
export function parametersOfModel({ data: { factors, parameterIds } }: ModelContents, now: readonly Parameter[]): Parameter[] {
  const names = new Map(now.map(({ id, name }) => [id, name]));
  return factors.flatMap((factor, index) => {
    const id = parameterIds[index]!;
    return id === null ? [] : [asParameter(factor, id, names.get(id) ?? factor.name)];
  });
}

/** Which parameters the terms name; for others no value is needed, and none matters. */
export function usedParameters({ data: { factors, parameterIds }, figures: { predictor } }: ModelContents): ReadonlySet<string> {
  const named = new Set(predictor.spec.terms.flatMap(({ parts }) => parts.map(({ factor }) => factor)));
  return new Set(factors.flatMap(({ name }, index) => (named.has(name) && parameterIds[index] ? [parameterIds[index]] : [])));
}

export function placed(contents: ModelContents, parameters: readonly Parameter[], point: Point): PlacedPoint {
  const used = usedParameters(contents);
  const wanted = parameters.filter(({ id, name }) => used.has(id) || Object.hasOwn(point.settings, id) || Object.hasOwn(point.settings, name));
  const settings = settingsById(wanted, point.settings);
  const block = blockOf(contents, point.block);
  const row = contents.data.parameterIds.map((id): Setting => (id === null ? block! : settings[id] ?? ''));
  return { settings, block, row };
}

function blockOf({ data: { factors, parameterIds } }: ModelContents, given: string | number | undefined): string | null {
  const at = parameterIds.indexOf(null);
  if (at < 0 && given === undefined) return null;
  if (at < 0) throw new FitRefused('blocks', 'This model knows no blocks; leave the block out, or fit one with blocks.');
  const levels = (factors[at]!.levels ?? []).map(String);
  if (given === undefined) return levels[0]!;
  if (levels.includes(String(given))) return String(given);
  throw new FitRefused('blocks', `This model has the blocks ${levels.join(', ')}; ${String(given).slice(0, 64)} is none of them.`);
}

function asParameter({ kind, low, high, centre, levels, unit }: Factor, id: string, name: string): Parameter {
  return Object.assign(new Parameter(), { id, name, kind, low: low ?? null, high: high ?? null, centre: centre ?? null, levels: levels ? [...levels] : null, unit: unit ?? null });
}
