import { boxCox } from '../src/experiments/analysis/box-cox.js';
import { effectsOf, lenth } from '../src/experiments/analysis/effects.js';
import { canonicalAnalysis, steepestAscent } from '../src/experiments/analysis/response-surface.js';
import { ridgeAnalysis } from '../src/experiments/analysis/ridge-analysis.js';
import { predict, predictorOf } from '../src/experiments/prediction/predictor.js';
import { ANALYSIS_CASES, CaseData } from './support/doe-analysis.js';
import { doeCase, DoeScores } from './support/doe-digits.js';

const analyses = ANALYSIS_CASES.flatMap((id) => CaseData.of(id).source.analyses.map((analysis) => ({ id, analysis, name: `${id}, ${analysis.id}` })));

describe.each(analyses)('$name', ({ id, analysis }) => {
  const data = CaseData.of(id);
  const scores = new DoeScores(id);
  const { intervals = 9, coefficients = 9, sumsOfSquares = 9 } = analysis.tolerance.minDigits;
  const goal = analysis.tolerance.goalDigits;
  const { predictions, canonical, effects, lenth: lenthTest, steepestAscent: ascent } = analysis.expected;

  if (predictions) it('predicts', () => {
    // Through text and back, since predictors are stored.
    const predictor = JSON.parse(JSON.stringify(predictorOf(data.fit(analysis)))) as ReturnType<typeof predictorOf>;
    const got = predict(predictor, predictions.map(({ at }) => data.point(at)));
    const floor = { floor: intervals, goal };
    scores.check(`${analysis.id}: predicted means`, got.map(({ mean }) => mean!), predictions.map(({ mean }) => mean), floor);
    scores.check(`${analysis.id}: their errors`, got.map(({ seMean }) => seMean!), predictions.map(({ seMean }) => seMean), floor);
    scores.check(`${analysis.id}: their leverages`, got.map(({ leverage }) => leverage!), predictions.map(({ leverage }) => leverage), floor);
    scores.check(`${analysis.id}: their confidence`, got.flatMap(({ confidence }) => [confidence!.lower, confidence!.upper]), predictions.flatMap(({ ci95 }) => ci95), floor);
    scores.check(`${analysis.id}: prediction intervals`, got.flatMap(({ prediction }) => [prediction!.lower, prediction!.upper]), predictions.flatMap(({ pi95 }) => pi95), floor);
  });

  if (canonical) it('finds the stationary point', () => {
    const got = canonicalAnalysis(data.fit(analysis));
    expect([got.factors, got.nature]).toEqual([canonical.factors, canonical.nature]);
    const floor = { floor: coefficients, goal };
    scores.check(`${analysis.id}: stationary point`, Object.values(got.stationaryPoint!), Object.values(canonical.stationaryPoint), floor);
    scores.check(`${analysis.id}: eigenvalues`, got.eigenvalues, canonical.eigenvalues, floor);
    scores.check(`${analysis.id}: eigenvectors`, got.eigenvectors.flat(), canonical.eigenvectors.flat(), floor);
    scores.check(`${analysis.id}: stationary value`, got.predicted!, canonical.predictedAtStationaryPoint, floor);
    if (canonical.stationaryPointNatural) scores.check(`${analysis.id}: stationary point, natural`, Object.values(got.stationaryPointNatural!), Object.values(canonical.stationaryPointNatural), floor);
  });

  if (ascent) it('says where the response rises', () => {
    const got = steepestAscent(data.fit(analysis))!;
    scores.check(`${analysis.id}: steepest ascent`, Object.values(got.direction), Object.values(ascent.direction), { floor: coefficients, goal });
    if (ascent.naturalIncrement) scores.check(`${analysis.id}: its increment`, Object.values(got.naturalIncrement), Object.values(ascent.naturalIncrement), { floor: coefficients, goal });
  });

  if (effects) it('gives effects', () => {
    const got = effectsOf(data.fit(analysis));
    expect(got.map(({ term }) => term)).toEqual(effects.map(({ term }) => term));
    scores.check(`${analysis.id}: effects`, got.map(({ effect }) => effect), effects.map(({ effect }) => effect), { floor: coefficients, goal });
    scores.check(`${analysis.id}: their SS`, got.map(({ ss }) => ss), effects.map(({ ss }) => ss), { floor: sumsOfSquares, goal });
  });

  if (lenthTest) it('tests them by the method of Lenth', () => {
    const got = lenth(effectsOf(data.fit(analysis)))!;
    expect([got.m, got.exceedsMargin, got.exceedsSimultaneous]).toEqual([lenthTest.m, lenthTest.exceedsME, lenthTest.exceedsSME]);
    const wanted = [lenthTest.df, lenthTest.s0, lenthTest.pse, lenthTest.marginOfError95, lenthTest.simultaneousMarginOfError95].map(Number);
    scores.check(`${analysis.id}: Lenth`, [got.df, got.s0, got.pse, got.marginOfError, got.simultaneousMarginOfError], wanted, { floor: intervals, goal });
  });
});

interface RidgeCase {
  queries: { id: string; input: { case: string; analysis: string; goal: 'maximize' | 'minimize'; radii: number[] }; expected: { path: { at: Record<string, number>; predicted: number }[] } }[];
}

it.each(doeCase<RidgeCase>('ridge-analysis').queries)('the ridge of $id', ({ id, input, expected }) => {
  const data = CaseData.of(input.case);
  const got = ridgeAnalysis(data.fit(data.analysis(input.analysis)), input.goal, input.radii);
  const scores = new DoeScores('ridge-analysis');
  scores.check(`${id}: path`, got.flatMap(({ at }) => Object.values(at)), expected.path.flatMap(({ at }) => Object.values(at)), { floor: 6, goal: 10 });
  scores.check(`${id}: predicted`, got.map(({ predicted }) => predicted), expected.path.map(({ predicted }) => predicted), { floor: 8, goal: 12 });
});

interface BoxCoxCase {
  queries: { input: { case: string; response: string; terms: string[] }; expected: { lambda: number; ci95: number[]; profile: { lambda: number; relativeLogLikelihood: number }[] } }[];
}

it.each(doeCase<BoxCoxCase>('box-cox-ceramic').queries)('the exponent of Box and Cox', ({ input, expected }) => {
  const data = CaseData.of(input.case);
  const fit = data.fit({ ...data.source.analyses[0]!, response: input.response, terms: input.terms });
  const got = boxCox(fit, expected.profile.map(({ lambda }) => lambda));
  const scores = new DoeScores('box-cox-ceramic');
  scores.check('lambda', got.lambda, expected.lambda, { floor: 5 });
  scores.check('interval', [got.lower!, got.upper!], expected.ci95, { floor: 4 });
  scores.check('profile', got.profile.map((point) => point.relativeLogLikelihood), expected.profile.map((point) => point.relativeLogLikelihood), { floor: 8 });
});
