import type { PowerOptions } from '../design/power.js';
import type { Response } from '../responses/response.entity.js';
import { EffectUnknown } from './designs.problems.js';

/** The effect that is worth finding: in standard deviations of a single result, or as a response's smallest effect. */
export interface EffectAsked {
  readonly effect?: number | undefined;
  /** Its name or id. */
  readonly response?: string | undefined;
  /** Standard deviation of a single result of the response. */
  readonly sigma?: number | undefined;
  readonly alpha?: number | undefined;
}

/** Nothing where no effect is named. */
export function powerAt({ effect, response, sigma, alpha }: EffectAsked, responses: readonly Response[]): PowerOptions | undefined {
  if (effect !== undefined && response !== undefined) throw new EffectUnknown('Give effect, or response with sigma, but not both.');
  const effectOverSigma = response === undefined ? effect : smallestOf(response, sigma, responses);
  return effectOverSigma === undefined ? undefined : { effectOverSigma, ...(alpha !== undefined && { alpha }) };
}

function smallestOf(name: string, sigma: number | undefined, responses: readonly Response[]): number {
  const response = responses.find((each) => each.name === name || each.id === name);
  if (!response) throw new EffectUnknown(`${name.slice(0, 64)} is no response of this experiment; there are ${responses.map((each) => each.name).join(', ') || 'none'}.`);
  if (response.smallestEffect === null) throw new EffectUnknown(`Nobody has said which effect on ${response.name} would matter; set its smallestEffect, or give effect in standard deviations.`);
  if (sigma === undefined) throw new EffectUnknown(`Give sigma, the standard deviation of a single result of ${response.name}.`);
  return response.smallestEffect / sigma;
}
