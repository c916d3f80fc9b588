import { FitRefused } from '../analysis/analysis.errors.js';
import { NoParameters } from '../experiments.problems.js';
import { factorOf, type Parameter } from '../parameters/parameter.entity.js';
import type { Response } from '../responses/response.entity.js';
import { parseTerms, presetTerms, termText } from '../terms.js';
import type { ModelSpec } from './figures.js';

/** What is asked to be fitted; what is absent takes its usual value. */
export interface ModelRequest extends Partial<Omit<ModelSpec, 'block'>> {
  /** The response's name or id. */
  readonly response: string;
  readonly label?: string | null;
  readonly blocks?: boolean;
}

const BLOCK = 'Block';

export function specOf(request: ModelRequest, parameters: readonly Parameter[]): ModelSpec {
  if (parameters.length === 0) throw new NoParameters();
  const { units = 'coded', contrasts = 'treatment', transform = 'none', level = 0.95, selection = 'none', settings = 'actual', repeats = 'mean', literature = false, suspect = false } = request;
  return {
    terms: termsFor(request, parameters),
    preset: request.preset ?? null,
    units, contrasts, transform, level, selection, settings, repeats, literature, suspect,
    block: request.blocks ? freeName(parameters) : null,
  };
}

export function responseFor(responses: readonly Response[], name: string): Response {
  const found = responses.find((each) => each.id === name || each.name === name);
  if (found) return found;
  throw new FitRefused('response', `${name.slice(0, 64)} is no response of this experiment; there are ${responses.map((each) => each.name).join(', ') || 'none'}.`);
}

function termsFor({ terms, preset }: ModelRequest, parameters: readonly Parameter[]): string[] {
  const factors = parameters.map((parameter) => factorOf(parameter));
  if (preset && terms) throw new FitRefused('terms', 'Give either a preset or terms of your own, not both.');
  if (preset) return presetTerms(preset, factors).map(termText);
  if (!terms) throw new FitRefused('terms', 'Say what to fit: give a preset such as quadratic, or terms such as ["1", "A", "A:B"].');
  return parseTerms(terms, factors).map(termText);
}

function freeName(parameters: readonly Parameter[]): string {
  let name = BLOCK;
  while (parameters.some((parameter) => parameter.name === name)) name += '_';
  return name;
}
