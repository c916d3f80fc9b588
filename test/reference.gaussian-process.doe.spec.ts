import { confidenceBound, type Direction, expectedImprovement, probabilityOfImprovement } from '../src/experiments/prediction/acquisition.js';
import { GaussianProcess, type GaussianProcessSpec } from '../src/experiments/prediction/gaussian-process.js';
import { suggestNextRun } from '../src/experiments/prediction/next-run.js';
import { doeCase, DoeScores } from './support/doe-digits.js';

interface ProcessCase {
  queries: {
    id: string;
    input: GaussianProcessSpec & { goal: Direction; best: number; xi: number; kappa: number; candidates: number[][] };
    expected: {
      logMarginalLikelihood: number;
      predictions: { mean: number; sd: number; expectedImprovement: number; probabilityOfImprovement: number; upperConfidenceBound: number }[];
      leaveOneOut: { mean: number; sd: number }[];
      nextByExpectedImprovement: number;
    };
  }[];
}

it.each(doeCase<ProcessCase>('gaussian-process').queries)('Gaussian process: $id', ({ id, input, expected }) => {
  const scores = new DoeScores('gaussian-process');
  const { goal, best, xi, kappa, candidates, ...spec } = input;
  const process = new GaussianProcess(spec);
  const beliefs = candidates.map((point) => process.at(point));
  const check = (figure: string, got: number[], want: number[], floor: number): void => scores.checkEach(`${id}: ${figure}`, got, want, { floor });
  check('log-likelihood', [process.logMarginalLikelihood], [expected.logMarginalLikelihood], 9);
  check('means', beliefs.map(({ mean }) => mean), expected.predictions.map(({ mean }) => mean), 9);
  check('sd', beliefs.map(({ sd }) => sd), expected.predictions.map(({ sd }) => sd), 8);
  check('expected improvement', beliefs.map((belief) => expectedImprovement(belief, best, goal, xi)), expected.predictions.map((point) => point.expectedImprovement), 7);
  check('probability of improvement', beliefs.map((belief) => probabilityOfImprovement(belief, best, goal, xi)), expected.predictions.map((point) => point.probabilityOfImprovement), 7);
  check('confidence bounds', beliefs.map((belief) => confidenceBound(belief, kappa, goal)), expected.predictions.map((point) => point.upperConfidenceBound), 9);
  const left = process.leaveOneOut();
  check('leave one out', left.flatMap(({ mean, sd }) => [mean, sd]), expected.leaveOneOut.flatMap(({ mean, sd }) => [mean, sd]), 8);
  const next = suggestNextRun({ process: spec, direction: goal, bounds: spec.lengthScales.map(() => [0, 1] as const), seed: 1, candidates });
  expect(next.at).toEqual(candidates[expected.nextByExpectedImprovement]);
});
