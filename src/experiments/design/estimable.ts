import { independentColumns } from '../analysis/independent-columns.js';
import type { Factor, Settings } from '../factors.js';
import { modelMatrix, modelOf } from '../model-matrix.js';
import { type Term, termText } from '../terms.js';
import { columnsOf } from './information.js';

/** Which terms of a model the runs can tell from all others, and what they cannot. */
export interface Estimability {
  /** Estimated whatever the values of the other terms are. */
  estimable: string[];
  notEstimable: { term: string; why: string }[];
  /** Equations between columns, such as `A:B = C:D`: what is estimated is the sum of the effects on both sides. */
  aliases: string[];
  rank: number;
  parameters: number;
}

/** @param runs Coded settings. */
export function estimability(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[]): Estimability {
  const model = modelOf(factors, terms, 'sum');
  const { kept, aliased } = independentColumns(runs.length === 0 ? model.columns.map(() => new Float64Array(0)) : columnsOf(modelMatrix(model, runs)));
  const names = model.columns.map(({ name }) => name);
  const equations = aliased.map(({ column, combination }) => ({ columns: [column, ...combination.map((part) => part.column)], text: equation(names[column]!, combination.map((part) => ({ name: names[part.column]!, factor: part.factor }))) }));
  const whyOf = (term: number): string | undefined => equations.find(({ columns }) => columns.some((column) => model.columns[column]!.term === term))?.text;
  const judged = terms.map((term, index) => ({ term: termText(term), why: whyOf(index) }));
  return {
    estimable: judged.filter(({ why }) => why === undefined).map(({ term }) => term),
    notEstimable: judged.flatMap(({ term, why }) => (why === undefined ? [] : [{ term, why }])),
    aliases: equations.map(({ text }) => text),
    rank: kept.length,
    parameters: names.length,
  };
}

function equation(column: string, combination: readonly { name: string; factor: number }[]): string {
  const sum = combination.map(({ name, factor }, index) => {
    const sign = factor < 0 ? '-' : index === 0 ? '' : '+';
    const size = Math.abs(Math.abs(factor) - 1) < 1e-9 ? '' : `${Number(Math.abs(factor).toPrecision(4))}*`;
    return `${index === 0 ? sign : `${sign} `}${size}${name}`;
  });
  return `${column} = ${sum.join(' ') || '0'}`;
}
