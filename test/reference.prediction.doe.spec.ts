import { posterior, posteriorPrediction, type Prior } from '../src/experiments/prediction/bayes-linear.js';
import { desirability, type Goal } from '../src/experiments/prediction/desirability.js';
import { mostDesirable } from '../src/experiments/prediction/desirability-optimum.js';
import { calibration } from '../src/experiments/prediction/feedback.js';
import { predictorOf } from '../src/experiments/prediction/predictor.js';
import { CaseData } from './support/doe-analysis.js';
import { doeCase, DoeScores } from './support/doe-digits.js';

interface Queries<Input, Expected> {
  queries: { id: string; input: Input; expected: Expected }[];
}

describe('desirability', () => {
  type Point = Queries<{ goals: Goal[]; values: number[] }, { individual: number[]; overallUnweighted: number; overallWithImportance: number }>;
  const { queries } = doeCase<Point>('desirability');
  const scores = new DoeScores('desirability');

  it.each(queries.slice(0, -1))('$id', ({ id, input, expected }) => {
    const weighted = desirability(input.goals, input.values);
    const unweighted = desirability(input.goals.map((goal) => ({ ...goal, importance: 1 })), input.values);
    scores.check(`${id}: individual`, weighted.individual, expected.individual, { floor: 10 });
    scores.checkEach(`${id}: overall`, [unweighted.overall, weighted.overall], [expected.overallUnweighted, expected.overallWithImportance], { floor: 10 });
  });

  it('finds the optimum over a square', () => {
    interface Search {
      input: { case: string; models: string[]; goals: Goal[]; region: Record<string, [number, number]> };
      expected: { maxOverall: number; at: Record<string, number> };
    }
    const { input, expected } = queries.at(-1) as unknown as Search;
    const data = CaseData.of(input.case);
    const predictors = input.models.map((model) => predictorOf(data.fit(data.analysis(model))));
    const got = mostDesirable({ predictors, goals: input.goals, seed: 1, region: input.region });
    const factors = predictors[0]!.spec.factors.map(({ name }) => name);
    scores.check('optimum', got.overall, expected.maxOverall, { floor: 6 });
    for (const [name, value] of Object.entries(expected.at)) expect(Math.abs(Number(got.at[factors.indexOf(name)]) - value)).toBeLessThan(0.001);
    expect(mostDesirable({ predictors, goals: input.goals, seed: 1, region: input.region })).toEqual(got);
  });
});

it('feedback and calibration', () => {
  type Feedback = Queries<{ rows: [number, number, number, number][] }, Record<string, number & number[]> & { intervals95: number[][] }>;
  const { input, expected } = doeCase<Feedback>('feedback-metrics').queries[0]!;
  const got = calibration(input.rows.map(([predicted, standardError, df, actual]) => ({ predicted, standardError, df, actual })));
  const scores = new DoeScores('feedback-metrics');
  const same = ['n', 'bias', 'mae', 'rmse', 'r2Prediction', 'meanCrpsNormal', 'calibrationSlope', 'calibrationIntercept', 'zScores', 'sumOfSquaredZ', 'probabilityIntegralTransform'] as const;
  for (const figure of same) scores.check(figure, got[figure]!, expected[figure]!, { floor: 9 });
  scores.check('coverage', got.coverage, expected.coverage95!, { floor: 9 });
  scores.check('intervals', got.intervals.flatMap(({ lower, upper }) => [lower, upper]), expected.intervals95.flat(), { floor: 9 });
  scores.check('interval score', got.meanIntervalScore, expected.meanIntervalScore95!, { floor: 9 });
});

describe('a prior from literature', () => {
  interface Belief {
    mean: number[]; sd: number[]; df: number; a: number; b: number; logEvidence: number;
    predictions: { x: number[]; mean: number; scale: number; pi95: number[] }[];
  }
  type Case = Queries<{ modelMatrix: number[][]; y: number[]; priorMean: number[]; priorScaleMatrix: number[][]; priorA: number; priorB: number }, Belief>;
  const scores = new DoeScores('bayes-literature');

  it.each(doeCase<Case>('bayes-literature').queries)('$id', ({ id, input, expected }) => {
    const prior: Prior = { mean: input.priorMean, scale: input.priorScaleMatrix, a: input.priorA, b: input.priorB };
    const got = posterior(input.modelMatrix, input.y, prior);
    for (const figure of ['mean', 'sd', 'df', 'a', 'b', 'logEvidence'] as const) scores.check(`${id}: ${figure}`, got[figure], expected[figure], { floor: 9 });
    const predictions = expected.predictions.map(({ x }) => posteriorPrediction(got, x));
    scores.check(`${id}: predictions`, predictions.flatMap(({ mean, scale, prediction }) => [mean, scale, prediction.lower, prediction.upper]), expected.predictions.flatMap(({ mean, scale, pi95 }) => [mean, scale, ...pi95]), { floor: 9 });
  });
});
