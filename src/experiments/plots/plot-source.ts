import type { Effect } from '../analysis/effects.js';
import type { RunDiagnostics } from '../analysis/diagnostics.js';
import type { Transform } from '../analysis/transform.js';
import type { Factor, Settings } from '../factors.js';
import type { Predictor } from '../prediction/predictor.js';
import type { PlotKind } from './plot.js';

/** All that plots need to know of a fitted model. Plain data: it travels to a worker thread. */
export interface PlotSource {
  readonly response: { readonly name: string; readonly unit: string | null };
  /** What the fit was made to; effects and residuals are on its scale. */
  readonly transform: Transform;
  readonly factors: readonly Factor[];
  readonly predictor: Predictor;
  readonly runs: readonly PlotRun[];
  readonly effects: readonly (Effect & { readonly standardError: number | null })[];
  /** One a run, in the same order. */
  readonly diagnostics: readonly Pick<RunDiagnostics, 'fitted' | 'standardized' | 'studentized'>[];
}

export interface PlotRun {
  /** What it is called in a sentence: `run 7`. */
  readonly name: string;
  /** What it is called beside its point. */
  readonly label: string;
  /** When it was made; null for published values and free observations. */
  readonly order: number | null;
  readonly settings: Settings;
  readonly measured: number;
}

export const AGAINST = ['fitted', 'order', 'normal'] as const;
export type Against = (typeof AGAINST)[number];

export interface PlotQuery {
  readonly kind: PlotKind;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  /** Values of other factors, each as `Temperature=70`. */
  readonly at: readonly string[];
  readonly against: Against;
  /** Of confidence. */
  readonly level: number;
}
