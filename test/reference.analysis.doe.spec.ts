import { partialAnova, sequentialAnova } from '../src/experiments/analysis/anova.js';
import { coefficientTable } from '../src/experiments/analysis/coefficients.js';
import { diagnostics } from '../src/experiments/analysis/diagnostics.js';
import { lackOfFit } from '../src/experiments/analysis/lack-of-fit.js';
import { summary } from '../src/experiments/analysis/summary.js';
import { predict, predictorOf } from '../src/experiments/prediction/predictor.js';
import { type Analysis, ANALYSIS_CASES, CaseData } from './support/doe-analysis.js';
import { DoeScores } from './support/doe-digits.js';

describe.each(ANALYSIS_CASES)('%s', (id) => {
  const data = CaseData.of(id);

  describe.each(data.source.analyses)('$id', (analysis) => {
    const { expected } = analysis;
    const fit = data.fit(analysis);
    const check = checker(id, analysis);

    it('coefficients, errors, tests and intervals', () => {
      const table = coefficientTable(fit);
      const wanted = expected.coefficients ?? [];
      if (wanted.length === 0) return;
      expect(table.map(({ term }) => term)).toEqual(wanted.map(({ term }) => term));
      check('estimates', 'coefficients', table.map(({ estimate }) => estimate), wanted.map(({ estimate }) => estimate));
      check('standard errors', 'standardErrors', table.map((row) => row.standardError), wanted.map((row) => row.standardError));
      check('t', 'coefficients', table.map(({ t }) => t), wanted.map(({ t }) => t));
      check('p of t', 'p', table.map(({ p }) => p), wanted.map(({ p }) => p));
      check('confidence intervals', 'intervals', table.flatMap(({ lower, upper }) => [lower, upper]), wanted.flatMap(({ ci95 }) => ci95 ?? [null, null]));
    });

    it('summary', () => {
      const { residual, model, total, ...got } = summary(fit);
      if (expected.n !== undefined) expect(got.n).toBe(expected.n);
      if (expected.parameters !== undefined) expect(got.parameters).toBe(expected.parameters);
      expect(residual.df).toBe(expected.residual.df);
      if (residual.df > 0) check('residual', 'sumsOfSquares', [residual.ss, residual.ms, residual.sd], [expected.residual.ss, expected.residual.ms, expected.residual.sd], true);
      if (expected.total) {
        expect({ df: total.df, corrected: total.corrected }).toEqual({ df: expected.total.df, corrected: expected.total.corrected });
        check('total', 'sumsOfSquares', total.ss, expected.total.ss);
      }
      if (expected.model) {
        expect(model.df).toBe(expected.model.df);
        check('model', 'sumsOfSquares', [model.ss, model.ms], [expected.model.ss, expected.model.ms ?? model.ms], true);
        check('model F', 'f', model.f, expected.model.f);
        check('p of F', 'p', model.p, expected.model.p);
      }
      check('R2', 'r2', [got.r2, got.adjR2], [expected.r2, expected.adjR2], true);
      check('PRESS', 'press', [got.press, got.predR2], [expected.press, expected.predR2], true);
      if (expected.logLik !== undefined) check('information', 'f', [got.logLik, got.aic, got.aicc, got.bic], [expected.logLik, expected.aic, expected.aicc, expected.bic], true);
    });

    it('analysis of variance', () => {
      const groups = expected.anovaSequential?.map(({ source, terms = [source] }) => ({ source, terms: terms.map((term) => analysis.terms.indexOf(term)) }));
      if (groups) checkLines('sequential', sequentialAnova(fit, groups), expected.anovaSequential!);
      if (expected.anovaByType?.II) checkLines('type II', partialAnova(fit, 'II'), expected.anovaByType.II);
      if (expected.anovaByType?.III) checkLines('type III', partialAnova(fit, 'III'), expected.anovaByType.III);
    });

    it('lack of fit', () => {
      if (!expected.lackOfFit) return;
      const { replicateBy, lackOfFit: lack, pureError, f, p } = expected.lackOfFit;
      const got = lackOfFit(fit, data.named(replicateBy))!;
      expect([got.lackOfFit.df, got.pureError.df]).toEqual([lack.df, pureError.df]);
      check('lack of fit', 'sumsOfSquares', [got.lackOfFit.ss, got.pureError.ss], [lack.ss, pureError.ss], true);
      check('lack of fit F', 'f', got.f, f);
      check('lack of fit p', 'p', got.p, p);
    });

    it('diagnostics', () => {
      if (!expected.diagnostics) return;
      const got = diagnostics(fit);
      for (const figure of ['fitted', 'residual', 'leverage', 'standardized', 'studentized', 'cooksD'] as const) {
        check(figure, 'intervals', got.map((run) => run[figure]), expected.diagnostics.map((run) => run[figure]));
      }
    });

    it('means of groups', () => {
      if (!expected.groupMeans) return;
      const got = predict(predictorOf(fit), Object.keys(expected.groupMeans).map((group) => data.point({ group })));
      check('group means', 'sumsOfSquares', got.map(({ mean }) => mean), Object.values(expected.groupMeans));
    });

    it('variance inflation', () => {
      if (!expected.vif) return;
      const got = new Map(coefficientTable(fit).map(({ term, vif }) => [term, vif]));
      check('VIF', 'standardErrors', expected.vif.map(({ term }) => got.get(term)), expected.vif.map(({ vif }) => vif));
    });

    function checkLines(name: string, got: ReturnType<typeof sequentialAnova>, wanted: NonNullable<Analysis['expected']['anovaSequential']>): void {
      expect(got.map(({ source, df }) => ({ source, df }))).toEqual(wanted.map(({ source, df }) => ({ source, df })));
      check(`${name} SS`, 'sumsOfSquares', got.map(({ ss }) => ss), wanted.map(({ ss }) => ss));
      check(`${name} F`, 'f', got.map(({ f }) => f), wanted.map(({ f }) => f));
      check(`${name} p`, 'p', got.map(({ p }) => p), wanted.map(({ p }) => p));
    }
  });
});

type Given = number | null | undefined;

/** Compares numbers by the tolerance of the analysis; what the reference leaves out of a saturated fit must be null here. `alone`: each is a list of its own. */
function checker(id: string, { id: analysis, tolerance }: Analysis) {
  const scores = new DoeScores(id);
  return (figure: string, kind: string, got: Given | Given[], want: Given | Given[], alone = false): void => {
    const gotten = [got].flat();
    const wanted = [want].flat();
    if (analysis === 'saturated') expect(gotten.filter((_, i) => wanted[i] === undefined || wanted[i] === null)).not.toContainEqual(expect.any(Number));
    const both = wanted.flatMap((value, i) => (value === undefined || value === null ? [] : [[gotten[i] ?? NaN, value] as const]));
    if (both.length === 0) return;
    const floors = { floor: tolerance.minDigits[kind] ?? tolerance.minDigits.f!, goal: tolerance.goalDigits };
    if (!alone) return scores.check(`${analysis}: ${figure}`, both.map(([value]) => value), both.map(([, value]) => value), floors);
    scores.checkEach(`${analysis}: ${figure}`, both.map(([value]) => value), both.map(([, value]) => value), floors);
  };
}

