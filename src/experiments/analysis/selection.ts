import type { Term } from '../terms.js';
import { AnalysisRefused } from './analysis.errors.js';
import { contains } from './anova.js';
import type { Fit } from './fit.js';
import { PivotedQr } from './pivoted-qr.js';
import { informationCriteria } from './summary.js';

export interface SelectionStep {
  action: 'start' | 'remove' | 'add';
  /** An added term brings those that it contains. */
  term: string | null;
  /** Of the model after this step. */
  aicc: number;
}

export interface Selection {
  /** The chosen terms, in the order of the full model. */
  terms: Term[];
  steps: SelectionStep[];
}

interface Candidate {
  step: SelectionStep;
  chosen: ReadonlySet<number>;
}

/**
 * Looks for the terms with the least AICc. `backward` starts from the model of the fit and removes; `stepwise` starts from the
 * intercept, adds (a term with those that it contains) and removes, and so also serves saturated models. A term stays as long as one that contains it does (McCullagh
 * and Nelder 1989, section 3.5), and so do the intercept and the terms to `keep`. Hurvich and Tsai (1989), Biometrika 76, 297.
 */
export function selectTerms(fit: Fit, method: 'backward' | 'stepwise', keep: readonly Term[] = []): Selection {
  const search = new Search(fit, keep);
  let current = search.start(method);
  const steps = [current.step];
  for (;;) {
    const better = search.best(current, method === 'stepwise');
    if (!better || better.step.aicc >= current.step.aicc) break;
    current = better;
    steps.push(better.step);
  }
  return { terms: fit.request.terms.filter((_, index) => current.chosen.has(index)), steps };
}

/** Compares models on the triangle of the full fit: p rows instead of n. */
class Search {
  private readonly columns: Float64Array[];
  private readonly effects: Float64Array;
  private readonly fixed: Set<number>;

  constructor(private readonly fit: Fit, keep: readonly Term[]) {
    this.columns = fit.solution.kept.map((_, j) => fit.solution.qr.triangleColumn(j).hi);
    this.effects = fit.solution.effects.hi.slice(0, fit.p);
    this.fixed = new Set(this.terms.flatMap((term, index) => (term.parts.length === 0 || keep.includes(term) ? [index] : [])));
  }

  start(method: 'backward' | 'stepwise'): Candidate {
    const all = this.terms.flatMap((_, index) => (this.fit.positionsOf(index).length > 0 ? [index] : []));
    const chosen = new Set(method === 'backward' ? all : all.filter((index) => this.fixed.has(index)));
    const aicc = this.aicc(chosen);
    if (aicc !== null) return { step: { action: 'start', term: null, aicc }, chosen };
    throw new AnalysisRefused('too-few-runs', 'There are too few runs to judge this model by AICc; start from fewer terms, or search stepwise.');
  }

  best(current: Candidate, adding: boolean): Candidate | undefined {
    const candidates = this.terms.flatMap((_, index) => {
      if (current.chosen.has(index)) return this.removable(index, current.chosen) ? this.candidate('remove', index, without(current.chosen, index)) : [];
      return adding && this.fit.positionsOf(index).length > 0 ? this.candidate('add', index, new Set([...current.chosen, ...this.withContained(index)])) : [];
    });
    return candidates.reduce<Candidate | undefined>((best, one) => (best && best.step.aicc <= one.step.aicc ? best : one), undefined);
  }

  private get terms(): readonly Term[] {
    return this.fit.request.terms;
  }

  private removable(index: number, chosen: ReadonlySet<number>): boolean {
    return !this.fixed.has(index) && [...chosen].every((other) => other === index || !contains(this.terms[other]!, this.terms[index]!));
  }

  /** The term and those that it contains: an interaction alone cannot enter, and its main effects alone may not pay. */
  private withContained(index: number): number[] {
    return this.terms.flatMap((term, other) => (contains(this.terms[index]!, term) && this.fit.positionsOf(other).length > 0 ? [other] : []));
  }

  private candidate(action: 'add' | 'remove', index: number, chosen: ReadonlySet<number>): Candidate[] {
    const aicc = this.aicc(chosen);
    return aicc === null ? [] : [{ step: { action, term: this.fit.termName(index), aicc }, chosen }];
  }

  private aicc(chosen: ReadonlySet<number>): number | null {
    const positions = [...chosen].flatMap((index) => this.fit.positionsOf(index));
    const residualSs = this.fit.solution.residualSs + this.missed(positions);
    return informationCriteria(this.fit.n, positions.length, residualSs).aicc;
  }

  /** The sum of squares that a model of fewer columns misses beside the full one. */
  private missed(positions: readonly number[]): number {
    if (positions.length === 0) return this.effects.reduce((sum, value) => sum + value * value, 0);
    const qr = new PivotedQr(positions.map((position) => this.columns[position]!));
    return qr.residualSs(qr.effects(this.effects));
  }
}

function without(chosen: ReadonlySet<number>, index: number): ReadonlySet<number> {
  return new Set([...chosen].filter((other) => other !== index));
}
