import type { Goal } from '../prediction/desirability.js';
import { PredictionRefused } from '../prediction/prediction.errors.js';
import type { Response } from '../responses/response.entity.js';

/** What is wanted of a response; where it names no bounds, those of what was measured. */
export function goalOf({ name, goal, low, high, target, importance }: Response, measured: readonly number[]): Goal {
  const [least, most] = [low ?? Math.min(...measured), high ?? Math.max(...measured)];
  if (goal === 'maximise') return { goal: 'maximize', low: least, target: most, importance };
  if (goal === 'minimise') return { goal: 'minimize', target: least, high: most, importance };
  if (goal === 'target' && target !== null) return { goal: 'target', low: least, target, high: most, importance };
  if (goal === 'in-range' && (low !== null || high !== null)) return { goal: 'range', ...(low !== null && { low }), ...(high !== null && { high }) };
  throw new PredictionRefused('goal', goal === 'none' ? `${name} has no goal; say whether it is to be maximised, minimised, brought to a target or kept in range.` : `The goal of ${name} needs ${goal === 'target' ? 'a target' : 'a low or a high'}; give the response one.`);
}
