import { aliasStructure } from '../src/experiments/design/aliases.js';
import { blocked } from '../src/experiments/design/blocking.js';
import { boxBehnken } from '../src/experiments/design/box-behnken.js';
import { type AxialDistance, axialDistance, centralComposite } from '../src/experiments/design/central-composite.js';
import { dOptimal } from '../src/experiments/design/d-optimal.js';
import { designProperties } from '../src/experiments/design/evaluation.js';
import { informationOf, predictionVariance } from '../src/experiments/design/information.js';
import { minimumAberration } from '../src/experiments/design/minimum-aberration.js';
import { mirrored, plackettBurman } from '../src/experiments/design/plackett-burman.js';
import { oneWayPower, termPowers, twoLevelPower } from '../src/experiments/design/power.js';
import { finished } from '../src/experiments/design/search-progress.js';
import { sobol } from '../src/experiments/design/sobol.js';
import { halton, spaceFilling } from '../src/experiments/design/space-filling.js';
import { fraction, fractionRuns, resolution, wordLengthPattern } from '../src/experiments/design/two-level-fraction.js';
import type { Factor } from '../src/experiments/factors.js';
import { modelMatrix, modelOf } from '../src/experiments/model-matrix.js';
import { parseTerms, presetTerms } from '../src/experiments/terms.js';
import { doeCase, DoeScores } from './support/doe-digits.js';

const PLANE = cube(2);

interface Query<Input, Expected> {
  id: string;
  input: Input;
  expected: Expected;
}
interface Fractional {
  factors: number;
  generators: string[];
  aliasOrder: number;
}
interface Composite {
  factors: number;
  fraction: number;
  centreInFactorialBlock: number;
  centreInAxialBlock: number;
}

interface PlackettBurman {
  columns: number;
  design: number[][];
  aliasCoefficientCountsForColumn1: Record<string, number>;
  foldOverRuns: number;
  foldOverMaxAliasMainWith2fi: number;
}

describe('design-fractional', () => {
  it.each(queries<Fractional, { designStandardOrder: number[][] }>('design-fractional'))('%s', (_, { input, expected }) => {
    const design = fraction(input.factors, input.generators);
    const { designStandardOrder, ...aliases } = expected;
    expect(aliasStructure(design, input.aliasOrder)).toMatchObject(aliases);
    expect(fractionRuns(design)).toEqual(designStandardOrder);
  });
});

describe('design-min-aberration', () => {
  it.each(queries<{ factors: number; runs: number }, { resolution: string; resolutionNumber: number; wordLengths: Record<number, number> }>('design-min-aberration'))('%s', (_, { input, expected }) => {
    const design = minimumAberration(input.factors, input.runs);
    const pattern = wordLengthPattern(design);
    expect(resolution(design)).toEqual({ number: expected.resolutionNumber, roman: expected.resolution });
    expect([3, 4, 5, 6].map((length) => pattern[length] ?? 0)).toEqual([3, 4, 5, 6].map((length) => expected.wordLengths[length]));
  });
});

describe('design-blocking', () => {
  it.each(queries<Fractional & { blockGenerators: string[] }, { blockOfRunStandardOrder: number[]; confoundedWithBlocks: string[][] }>('design-blocking'))('%s', (_, { input, expected }) => {
    const { blockOfRunStandardOrder, confoundedWithBlocks, ...rest } = expected;
    const found = blocked(fraction(input.factors, input.generators), input.blockGenerators);
    expect(found).toMatchObject({ ...rest, blockOfRun: blockOfRunStandardOrder });
    expect(found.confoundedWithBlocks.map((words) => words.join()).sort()).toEqual(confoundedWithBlocks.map((words) => words.join()).sort());
  });
});

describe('design-plackett-burman', () => {
  it.each(queries<{ runs: number }, PlackettBurman>('design-plackett-burman'))('%s', (_, { input, expected }) => {
    const runs = plackettBurman(expected.columns, input.runs);
    expect(runs).toEqual(expected.design);
    const counts: Record<string, number> = {};
    for (const value of aliasesOfFirst(runs).filter((sum) => sum !== 0)) counts[ratio(value, input.runs)] = (counts[ratio(value, input.runs)] ?? 0) + 1;
    expect(counts).toEqual(expected.aliasCoefficientCountsForColumn1);
    const folded = [...runs, ...mirrored(runs)];
    expect(folded).toHaveLength(expected.foldOverRuns);
    expect(Math.max(...aliasesOfFirst(folded).map(Math.abs))).toBe(expected.foldOverMaxAliasMainWith2fi);
  });
});

describe('design-ccd', () => {
  const scores = new DoeScores('design-ccd');

  it.each(queries<Composite, { factorialRuns: number; axialRuns: number; centreRuns: number; totalRuns: number; alpha?: Record<string, number> }>('design-ccd').filter(([, { expected }]) => expected.alpha))('%s', (id, { input, expected }) => {
    const { factors, fraction: p, centreInFactorialBlock, centreInAxialBlock } = input;
    const generators = p === 0 ? [] : aliasStructure(minimumAberration(factors, 2 ** (factors - p))).generators;
    const design = centralComposite({ factors, generators, alpha: 'rotatable', centreInFactorialBlock, centreInAxialBlock });
    expect({ ...design, totalRuns: design.runs.length }).toMatchObject({ factorialRuns: expected.factorialRuns, axialRuns: expected.axialRuns, centreRuns: expected.centreRuns, totalRuns: expected.totalRuns });
    const names: Record<string, AxialDistance> = { faceCentred: 'face-centred', orthogonalBlocks: 'orthogonal-blocks', orthogonalQuadratic: 'orthogonal' };
    for (const [name, want] of Object.entries(expected.alpha!)) {
      const got = axialDistance(names[name] ?? (name as AxialDistance), { ...input, factorialRuns: design.factorialRuns });
      scores.check(`${id}: ${name} alpha`, got, want, { floor: 12 });
    }
  });
});

describe('prediction variance of composites', () => {
  const scores = new DoeScores('design-ccd');
  const found = queries<{ radii?: number[]; points?: number[][]; centre: number; alpha: AxialDistance | number }, { scaledPredictionVariance?: number[] }>('design-ccd');

  it.each(found.filter(([, { expected }]) => expected.scaledPredictionVariance))('%s', (id, { input, expected }) => {
    const alpha = input.alpha === 1 ? 'face-centred' : input.alpha;
    const { runs } = centralComposite({ factors: 2, alpha, centreInFactorialBlock: input.centre, centreInAxialBlock: 0 });
    const at = scaledVariance(runs.map(({ settings }) => settings.map(Number)));
    const axis = input.points ?? input.radii!.map((radius) => [radius, 0]);
    scores.check(`${id}: scaledPredictionVariance`, axis.map(at), expected.scaledPredictionVariance!, { floor: 9 });
    if (input.radii) {
      const diagonal = input.radii.map((radius) => [radius / Math.SQRT2, radius / Math.SQRT2]);
      scores.check(`${id}: alongDiagonal`, diagonal.map(at), expected.scaledPredictionVariance!, { floor: 9 });
    }
  });
});

describe('design-box-behnken', () => {
  const scores = new DoeScores('design-box-behnken');

  it.each(queries<{ factors: number; centreRuns: number }, { totalRuns: number; edgeRuns: number; centreRuns: number; edgePointsSorted: number[][]; parameters: number; logDeterminant: number; scaledPredictionVarianceAtCentre: number }>('design-box-behnken'))('%s', (id, { input, expected }) => {
    const runs = boxBehnken(input);
    const edges = runs.filter(({ point }) => point === 'edge').map(({ settings }) => settings.map(Number));
    expect([runs.length, edges.length, runs.length - edges.length]).toEqual([expected.totalRuns, expected.edgeRuns, expected.centreRuns]);
    expect(edges.sort(lexicographic)).toEqual(expected.edgePointsSorted);
    const factors = cube(input.factors);
    const properties = designProperties(factors, presetTerms('quadratic', factors), runs.map(({ settings }) => settings));
    expect(properties.parameters).toBe(expected.parameters);
    scores.check(`${id}: logDeterminant`, properties.logDeterminant, expected.logDeterminant, { floor: 10 });
    const centre = runs.findIndex(({ point }) => point === 'centre');
    scores.check(`${id}: scaledPredictionVarianceAtCentre`, runs.length * properties.leverage[centre]!, expected.scaledPredictionVarianceAtCentre, { floor: 9 });
  });
});

describe('design-evaluation', () => {
  const scores = new DoeScores('design-evaluation');

  it.each(queries<{ design: number[][]; terms: string[] }, Evaluation>('design-evaluation'))('%s', (id, { input, expected }) => {
    const got = designProperties(PLANE, parseTerms(input.terms, PLANE), input.design);
    const figures = {
      ...got,
      vif: got.columns.flatMap(({ vif }) => (vif === null ? [] : [vif])),
      relativeStandardErrors: got.columns.map(({ relativeStandardError }) => relativeStandardError),
      conditionNumberXtX: got.conditionNumber,
    };
    for (const [figure, want] of Object.entries(expected)) scores.check(`${id}: ${figure}`, figures[figure as 'vif'], want, { floor: 9 });
    expect(got.gridPoints).toBe(121);
  });
});

describe('design-d-optimal', () => {
  const scores = new DoeScores('design-d-optimal');

  it.each(queries<{ candidates: number[][]; terms: string[]; runs: number }, { maxDeterminant: number; dEfficiencyPerRun: number }>('design-d-optimal'))('%s', (id, { input, expected }) => {
    const mixture = input.terms[0] !== '1';
    const factors = mixture ? cube(3).map(({ name }): Factor => ({ name, kind: 'mixture' })) : PLANE;
    const found = finished(dOptimal({ factors, terms: parseTerms(input.terms, factors), runs: input.runs, candidates: input.candidates, seed: 1, starts: 30 }));
    expect(Math.exp(found.logDeterminant) / expected.maxDeterminant).toBeGreaterThanOrEqual(0.999);
    scores.check(`${id}: D-efficiency`, found.dEfficiency, expected.dEfficiencyPerRun, { floor: 3 });
  });
});

describe('design-space-filling', () => {
  const scores = new DoeScores('design-space-filling');
  const found = queries<{ points: number[][] | number; dimensions?: number }, Evaluation>('design-space-filling');

  it.each(found.filter(([id]) => id.startsWith('measures')))('%s', (id, { input, expected }) => {
    const { isLatinHypercube, ...figures } = expected;
    const got = spaceFilling(input.points as number[][]);
    expect(got.isLatinHypercube).toBe(isLatinHypercube);
    for (const [figure, want] of Object.entries(figures)) scores.check(`${id}: ${figure}`, got[figure as 'minimumDistance'], want, { floor: 10 });
  });

  it.each([['halton 3D', halton], ['sobol 3D', sobol]] as const)('%s', (name, sequence) => {
    const [, { expected }] = found.find(([id]) => id === name)!;
    scores.check(name, sequence(8, 3).flat(), [expected.points!].flat(2), { floor: 10 });
  });
});

describe('power', () => {
  const scores = new DoeScores('power');

  it.each(queries<Record<string, number>, Record<string, number>>('power'))('%s', (id, { input, expected }) => {
    const { runs, modelParameters, groups, perGroup, alpha } = input;
    const got = groups === undefined
      ? twoLevelPower(runs!, modelParameters!, { effectOverSigma: input.effectOverSigma!, alpha })
      : oneWayPower(groups, perGroup!, { effectOverSigma: input.rangeOverSigma!, alpha });
    const figures = got as unknown as Record<string, number>;
    for (const [figure, want] of Object.entries(expected)) scores.check(`${id}: ${figure}`, figures[figure]!, want, { floor: 7 });
  });

  it('of each term of a real design is that of the formula for orthogonal ones', () => {
    const factors = ['a', 'b', 'c', 'd'].map((name): Factor => ({ name, kind: 'continuous', low: -1, high: 1 }));
    const terms = parseTerms(['1', 'a', 'b', 'c', 'd', 'a:b', 'a:c'], factors);
    const powers = termPowers(factors, terms, fractionRuns(fraction(4, [])), { effectOverSigma: 1.5 });
    expect(powers).toHaveLength(6);
    for (const { power } of powers) expect(power).toBeCloseTo(0.7611566204263244, 9);
  });
});

function queries<Input, Expected>(file: string): [string, Query<Input, Expected>][] {
  const { queries: found } = doeCase<{ queries: Query<Input, Expected>[] }>(file);
  return found.map((query) => [query.id, query]);
}

type Evaluation = Record<string, number | number[]>;

function cube(factors: number): Factor[] {
  return Array.from({ length: factors }, (_, index): Factor => ({ name: `x${index + 1}`, kind: 'continuous', low: -1, high: 1 }));
}

/** Of the full second-order model in two factors. */
function scaledVariance(runs: number[][]): (point: number[]) => number {
  const model = modelOf(PLANE, presetTerms('quadratic', PLANE));
  const { inverse } = informationOf(modelMatrix(model, runs), model.columns);
  return (point) => runs.length * predictionVariance(inverse, model.row(point));
}

/** Inner products of the first column with every product of two others. */
function aliasesOfFirst(runs: readonly (readonly number[])[]): number[] {
  const columns = runs[0]!.map((_, column) => runs.map((run) => run[column]!));
  return columns.slice(1).flatMap((a, index) => columns.slice(index + 2).map((b) => a.reduce((sum, level, run) => sum + level * b[run]! * columns[0]![run]!, 0)));
}

function ratio(sum: number, runs: number): string {
  const divisor = gcd(Math.abs(sum), runs);
  return `${sum / divisor}/${runs / divisor}`;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function lexicographic(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
