import { Problem } from '../../platform/problems/problem.js';
import { FitRefused } from '../analysis/analysis.errors.js';
import { partialAnova, sequentialAnova } from '../analysis/anova.js';
import { boxCox } from '../analysis/box-cox.js';
import { aliases, coefficientTable } from '../analysis/coefficients.js';
import { diagnostics } from '../analysis/diagnostics.js';
import { effectsOf, halfNormal, lenth, pareto } from '../analysis/effects.js';
import { Fit, type FitRequest } from '../analysis/fit.js';
import { lackOfFit } from '../analysis/lack-of-fit.js';
import { selectTerms } from '../analysis/selection.js';
import { summary } from '../analysis/summary.js';
import { transformed } from '../analysis/transform.js';
import { predictorOf } from '../prediction/predictor.js';
import { parseTerms, type Term, termText } from '../terms.js';
import { demandFinite } from './finite.js';
import type { ModelData, ModelFigures, ModelRow, ModelSpec, Note, RowDiagnostics } from './figures.js';
import { fitNotes } from './fit-notes.js';
import { packed } from './packed.js';
import { repeatability } from './repeatability.js';
import { surfaceFigures } from './surface-figures.js';

export interface FitInput {
  readonly spec: ModelSpec;
  readonly data: ModelData;
}

/** A fit as it is answered, and as it is kept. */
export interface PackedFit {
  readonly figures: ModelFigures;
  /** `ModelContents`. */
  readonly packed: Uint8Array;
}

export function fitAndPack({ spec, data }: FitInput): PackedFit {
  const figures = fitModel({ spec, data });
  return { figures, packed: packed({ data, figures }) };
}

/** Every figure of a model. What cannot be told is null, with a note that says why; numbers are finite throughout. */
export function fitModel({ spec, data }: FitInput): ModelFigures {
  demandRows(data);
  const { fit, selection } = selected(fitOf({ spec, data }), spec);
  const notes: Note[] = fitNotes(fit, spec, data);
  const attempt = <T>(about: string, answer: () => T): T | null => attempted(notes, about, answer);
  const figures = {
    terms: fit.request.terms.map(termText),
    summary: summary(fit),
    coefficients: coefficientTable(fit, spec.level),
    aliases: aliases(fit),
    anova: { sequential: sequentialAnova(fit), typeII: partialAnova(fit, 'II'), typeIII: attempt('anova', () => partialAnova(fit, 'III')) },
    lackOfFit: lackOfFit(fit),
    repeatability: repeatability(data.rows),
    diagnostics: diagnostics(fit).map((one, row): RowDiagnostics => ({ row, run: data.rows[row]!.run, label: labelOf(data.rows, row), ...one })),
    effects: spec.units === 'coded' ? effectFigures(fit, spec) : null,
    boxCox: attempt('boxCox', () => boxCox(asMeasured(fit, spec, data), undefined, spec.level)),
    selection,
    surface: attempt('surface', () => surfaceFigures(fit)),
    notes,
    predictor: predictorOf(fit),
  };
  demandFinite(figures);
  return figures;
}

/** With all terms that were asked for; the block stands behind the intercept, so that what blocks explain is taken off first. */
export function fitOf({ spec, data: { factors, rows } }: FitInput): Fit {
  const weights = rows.map(({ weight }) => weight);
  const request: FitRequest = {
    factors,
    terms: termsOf(spec, factors),
    units: spec.units,
    contrasts: spec.contrasts,
    runs: rows.map(({ settings }) => settings),
    response: transformed(rows.map(({ value }) => value), spec.transform, (row) => labelOf(rows, row)),
    ...(weights.some((weight) => weight !== 1) && { weights }),
  };
  return new Fit(request);
}

function termsOf({ terms, block }: ModelSpec, factors: ModelData['factors']): Term[] {
  if (block === null) return parseTerms(terms, factors);
  const rest = terms.filter((term) => term !== '1');
  return parseTerms(rest.length < terms.length ? ['1', block, ...rest] : [...rest, block], factors);
}

function selected(full: Fit, { selection: method, block }: ModelSpec): { fit: Fit; selection: ModelFigures['selection'] } {
  if (method === 'none') return { fit: full, selection: null };
  const keep = full.request.terms.filter((term) => termText(term) === block);
  const { terms, steps } = selectTerms(full, method, keep);
  return { fit: new Fit({ ...full.request, terms }), selection: { method, steps } };
}

/** A hint of a transform is about the response as it was measured. */
function asMeasured(fit: Fit, { transform }: ModelSpec, { rows }: ModelData): Fit {
  return transform === 'none' ? fit : new Fit({ ...fit.request, response: rows.map(({ value }) => value) });
}

/** Blocks are no effects. Lenth's test serves models that leave nothing else to judge by. */
function effectFigures(fit: Fit, { block }: ModelSpec): ModelFigures['effects'] {
  const effects = effectsOf(fit).filter(({ term }) => block === null || !term.startsWith(`${block}[`));
  return { halfNormal: halfNormal(effects), pareto: pareto(effects), lenth: fit.df === 0 ? lenth(effects) : null };
}

function attempted<T>(notes: Note[], about: string, answer: () => T): T | null {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    notes.push({ about, code: error.code, detail: error.detail });
    return null;
  }
}

function labelOf(rows: readonly ModelRow[], row: number): string {
  const { source, run } = rows[row]!;
  if (source === 'run') return `run ${run}`;
  return `${source} ${row + 1 - rows.findIndex((one) => one.source === source)}`;
}

function demandRows({ rows, response, leftOut }: ModelData): void {
  const left = leftOut.map(({ reason, count }) => `${count} ${reason}`).join(', ');
  const why = left ? ` Left out: ${left}.` : '';
  if (rows.length === 0) throw new FitRefused('no-results', `There are no results of ${response.name} to fit a model to; record some, or let literature or suspect runs join.${why}`);
  if (rows.length === 1) throw new FitRefused('too-few-results', `There is one result of ${response.name}, through which any model goes; a fit needs two or more.${why}`);
}
