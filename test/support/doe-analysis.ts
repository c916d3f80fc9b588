import { Fit } from '../../src/experiments/analysis/fit.js';
import type { Factor, Setting, Settings } from '../../src/experiments/factors.js';
import { parseTerms } from '../../src/experiments/terms.js';
import { doeCase } from './doe-digits.js';

type Numbers<Key extends string> = Partial<Record<Key, number | null>>;
type Line = Numbers<'df' | 'ss' | 'ms' | 'f' | 'p'> & { source: string; terms?: string[] };

export interface Analysis {
  id: string;
  response: string;
  transform?: 'ln' | 'inverse';
  where?: { column: string; value: Setting };
  dropRows?: number[];
  weights?: string;
  terms: string[];
  expected: {
    coefficients?: (Numbers<'standardError' | 't' | 'p'> & { term: string; estimate: number; ci95?: number[] })[];
    residual: Numbers<'df' | 'ss' | 'ms' | 'sd'>;
    model?: Numbers<'df' | 'ss' | 'ms' | 'f' | 'p'>;
    total?: { df: number; ss: number; corrected: boolean };
    anovaSequential?: Line[];
    anovaByType?: Partial<Record<'II' | 'III', Line[]>>;
    lackOfFit?: { replicateBy: string[]; lackOfFit: Numbers<'df' | 'ss' | 'ms'>; pureError: Numbers<'df' | 'ss' | 'ms'>; f: number; p: number };
    predictions?: { at: Record<string, Setting>; mean: number; seMean: number; leverage: number; ci95: number[]; pi95: number[] }[];
    diagnostics?: (Numbers<'standardized' | 'studentized' | 'cooksD'> & { row: number; fitted: number; residual: number; leverage: number })[];
    vif?: { term: string; vif: number }[];
    effects?: { term: string; effect: number; ss: number }[];
    lenth?: Numbers<'m' | 'df' | 's0' | 'pse' | 'marginOfError95' | 'simultaneousMarginOfError95'> & { exceedsME: string[]; exceedsSME: string[] };
    steepestAscent?: { direction: Record<string, number>; naturalIncrement?: Record<string, number> };
    canonical?: {
      factors: string[];
      stationaryPoint: Record<string, number>;
      eigenvalues: number[];
      eigenvectors: number[][];
      nature: string;
      predictedAtStationaryPoint: number;
      stationaryPointNatural?: Record<string, number>;
    };
    groupMeans?: Record<string, number>;
  } & Numbers<'r2' | 'adjR2' | 'press' | 'predR2' | 'logLik' | 'aic' | 'aicc' | 'bic' | 'n' | 'parameters'>;
  certified?: { coefficients?: { estimate: number; standardError: number }[] };
  tolerance: { minDigits: Record<string, number>; goalDigits: number };
}

export interface AnalysisCase {
  id: string;
  factors: Factor[];
  coding?: Record<string, { from: string; center: number; halfRange: number }>;
  data: { columns: string[]; rows: Setting[][] };
  analyses: Analysis[];
}

export const ANALYSIS_CASES = [
  'nist-strd-norris', 'nist-strd-noint1', 'nist-strd-filip', 'nist-strd-wampler4', 'nist-anova-sirstv', 'nist-anova-smls07', 'offset-units',
  'weighted-literature', 'montgomery-battery', 'hb-eddy-current', 'hb-ceramic-strength', 'hb-catapult', 'bm93-cast-fatigue-pb12',
  'yates-npk-blocks', 'rsm-chemreact-ccd', 'montgomery-yield-ccd', 'hb-cvd-cci', 'lawson-trebuchet-bbd', 'cornell-yarn-mixture',
];

/** A case, ready to be fitted: its factors are the names that terms and replicates use. */
export class CaseData {
  readonly factors: Factor[];
  private readonly columns: string[];

  constructor(readonly source: AnalysisCase) {
    const used = new Set(source.analyses.flatMap(({ terms, expected }) => [...terms.flatMap((term) => term.split(':').map((part) => part.split('^')[0]!)), ...(expected.lackOfFit?.replicateBy ?? [])]));
    used.delete('1');
    const coded = Object.entries(source.coding ?? {}).filter(([name]) => used.has(name));
    const plain = [...used].filter((name) => !source.coding?.[name]);
    this.factors = [...coded.map(codedFactor), ...plain.map((name) => this.plainFactor(name))];
    this.columns = [...coded.map(([, { from }]) => from), ...plain];
  }

  static of(id: string): CaseData {
    return new CaseData(doeCase<AnalysisCase>(id));
  }

  analysis(id: string): Analysis {
    return this.source.analyses.find((analysis) => analysis.id === id)!;
  }

  fit(analysis: Analysis): Fit {
    const rows = this.rows(analysis);
    const response = rows.map((row) => transformed(Number(this.cell(row, analysis.response)), analysis.transform));
    return new Fit({
      factors: this.factors,
      terms: parseTerms(analysis.terms, this.factors),
      runs: rows.map((row) => this.columns.map((column) => this.cell(row, column))),
      response,
      ...(analysis.weights ? { weights: rows.map((row) => Number(this.cell(row, analysis.weights!))) } : {}),
    });
  }

  /** Names of the factors whose columns are named; natural columns stand for their coded factors. */
  named(columns: readonly string[]): string[] {
    return this.factors.filter(({ name }, index) => columns.includes(name) || columns.includes(this.columns[index]!)).map(({ name }) => name);
  }

  /** A point by natural or coded names; factors that it does not name stand at their centre or first level. */
  point(at: Record<string, Setting>): Settings {
    return this.factors.map((factor, index) => at[this.columns[index]!] ?? at[factor.name] ?? factor.levels?.[0] ?? (factor.low! + factor.high!) / 2);
  }

  private rows({ where, dropRows = [] }: Analysis): Setting[][] {
    const chosen = this.source.data.rows.filter((row) => !where || this.cell(row, where.column) === where.value);
    return chosen.filter((_, index) => !dropRows.includes(index + 1));
  }

  private cell(row: Setting[], column: string): Setting {
    return row[this.source.data.columns.indexOf(column)]!;
  }

  private plainFactor(name: string): Factor {
    const values = this.source.data.rows.map((row) => this.cell(row, name));
    if (values.some((value) => typeof value === 'string')) return { name, kind: 'categorical', levels: [...new Set(values)] };
    const mixture = (this.source.factors.find((factor) => factor.name === name)?.kind ?? typeOf(this.source, name)) === 'mixture';
    // -1 to 1 leaves the numbers of the file as they are.
    return mixture ? { name, kind: 'mixture' } : { name, kind: 'continuous', low: -1, high: 1 };
  }
}

function typeOf(source: AnalysisCase, name: string): string | undefined {
  return (source.factors as unknown as { name: string; type: string }[]).find((factor) => factor.name === name)?.type;
}

function codedFactor([name, { center, halfRange }]: [string, { from: string; center: number; halfRange: number }]): Factor {
  return { name, kind: 'continuous', low: center - halfRange, high: center + halfRange };
}

function transformed(value: number, transform?: 'ln' | 'inverse'): number {
  if (transform === 'ln') return Math.log(value);
  return transform === 'inverse' ? 1 / value : value;
}
