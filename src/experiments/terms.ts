import type { Factor } from './factors.js';
import { TermRefused } from './factors.errors.js';

/** A product of factors, each to a power; without factors the intercept. Text form: `1`, `A`, `A:B`, `A^2`, `A^2:B`. */
export interface Term {
  /** In the order of writing, each factor once. */
  parts: readonly TermPart[];
}

export interface TermPart {
  factor: string;
  /** 1 or more; a categorical factor has power 1. */
  power: number;
}

/**
 * Models that are asked for by name.
 * - `linear`: intercept and main effects; `interactions`: also all products of two factors; `quadratic`: also the squares of
 *   numeric factors with more than two levels.
 * - `scheffe-linear`, `scheffe-quadratic`, `scheffe-special-cubic`: canonical mixture polynomials without intercept (Scheffé
 *   1958, J. R. Stat. Soc. B 20, 344). Factors that are no components enter crossed with each component.
 */
export const PRESETS = ['linear', 'interactions', 'quadratic', 'scheffe-linear', 'scheffe-quadratic', 'scheffe-special-cubic'] as const;
export type Preset = (typeof PRESETS)[number];

/** A preset, or terms in their text form. */
export type ModelName = Preset | readonly string[];

export const INTERCEPT: Term = { parts: [] };

/** Beyond this a power of a coded value says nothing that its lower powers do not. */
const LARGEST_POWER = 20;

export function mainEffect(factor: string): Term {
  return { parts: [{ factor, power: 1 }] };
}

export function product(...factors: string[]): Term {
  return { parts: factors.map((factor) => ({ factor, power: 1 })) };
}

export function square(factor: string): Term {
  return { parts: [{ factor, power: 2 }] };
}

/** Reads the text form; throws `TermRefused` where it names no factor, or a power that its factor cannot have. */
export function parseTerm(text: string, factors: readonly Factor[]): Term {
  if (text.trim() === '1') return INTERCEPT;
  const powers = new Map<string, number>();
  for (const part of text.split(':')) {
    const { factor, power } = parsePart(part.trim(), text, factors);
    powers.set(factor, (powers.get(factor) ?? 0) + power);
  }
  const term = { parts: [...powers].map(([factor, power]) => ({ factor, power })) };
  checkPowers(term, factors);
  return term;
}

/** Reads a whole model and refuses terms that are written twice. */
export function parseTerms(texts: readonly string[], factors: readonly Factor[]): Term[] {
  const terms = texts.map((text) => parseTerm(text, factors));
  if (terms.length === 0) throw new TermRefused('missing', 'A model needs at least one term.');
  const seen = new Set<string>();
  for (const term of terms) {
    const key = termKey(term);
    if (seen.has(key)) throw new TermRefused('repeated', `The term ${termText(term)} stands in the model twice.`);
    seen.add(key);
  }
  return terms;
}

export function termText(term: Term): string {
  return term.parts.map(({ factor, power }) => partText(factor, power)).join(':') || '1';
}

export function partText(factor: string, power: number): string {
  return power === 1 ? factor : `${factor}^${power}`;
}

/** The same for `A:B` and `B:A`. */
export function termKey(term: Term): string {
  return termText({ parts: [...term.parts].sort((a, b) => (a.factor < b.factor ? -1 : 1)) });
}

/** 0 for the intercept, 1 for a main effect, 2 for `A:B` and `A^2`, and so on. */
export function termOrder(term: Term): number {
  return term.parts.reduce((order, { power }) => order + power, 0);
}

export function modelTerms(model: ModelName, factors: readonly Factor[]): Term[] {
  return typeof model === 'string' ? presetTerms(model, factors) : parseTerms(model, factors);
}

export function presetTerms(preset: Preset, factors: readonly Factor[]): Term[] {
  const components = factors.filter(({ kind }) => kind === 'mixture');
  const process = factors.filter(({ kind }) => kind !== 'mixture');
  if (preset.startsWith('scheffe')) return scheffeTerms(preset, components, process);
  if (components.length > 0) {
    throw new TermRefused('preset', `Shares of a mixture add up to 1, so the preset ${preset} cannot be estimated for them; use a scheffe preset.`);
  }
  const names = process.map(({ name }) => name);
  const terms = [INTERCEPT, ...names.map(mainEffect)];
  if (preset !== 'linear') terms.push(...products(names, 2));
  if (preset === 'quadratic') terms.push(...process.filter(hasCurvature).map(({ name }) => square(name)));
  return terms;
}

/** Every product of `size` different factors, in the order AB, AC, BC … of R: left factor slowest. */
export function products(names: readonly string[], size: number): Term[] {
  return subsets(names, size).map((chosen) => product(...chosen));
}

export function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

/** Whether three or more different values are possible, so that a square differs from a constant. */
export function hasCurvature(factor: Factor): boolean {
  return factor.kind === 'continuous' || (factor.kind === 'discrete' && (factor.levels?.length ?? 0) > 2);
}

function scheffeTerms(preset: Preset, components: readonly Factor[], process: readonly Factor[]): Term[] {
  if (components.length < 2) throw new TermRefused('preset', `The preset ${preset} needs at least two mixture factors.`);
  const names = components.map(({ name }) => name);
  const terms = names.map(mainEffect);
  if (preset !== 'scheffe-linear') terms.push(...products(names, 2));
  if (preset === 'scheffe-special-cubic') terms.push(...products(names, 3));
  return [...terms, ...process.flatMap(({ name }) => names.map((component) => product(component, name)))];
}

function parsePart(part: string, text: string, factors: readonly Factor[]): TermPart {
  const [factor = '', power = '1', ...rest] = part.split('^').map((piece) => piece.trim());
  if (!factors.some(({ name }) => name === factor)) {
    throw new TermRefused('unknown-factor', `The term ${text} names ${JSON.stringify(factor)}; the factors are ${factors.map(({ name }) => name).join(', ')}.`);
  }
  if (rest.length > 0 || !/^[1-9]\d?$/.test(power)) throw new TermRefused('power', `A power in ${text} must be a whole number from 1 to ${LARGEST_POWER}.`);
  return { factor, power: Number(power) };
}

function checkPowers(term: Term, factors: readonly Factor[]): void {
  for (const { factor, power } of term.parts) {
    if (power > LARGEST_POWER) throw new TermRefused('power', `A power in ${termText(term)} must be a whole number from 1 to ${LARGEST_POWER}.`);
    const kind = factors.find(({ name }) => name === factor)!.kind;
    if (kind === 'categorical' && power > 1) throw new TermRefused('power', `${factor} is categorical: it has no powers, so drop ${termText(term)}.`);
  }
}
