import { readFileSync } from 'node:fs';
import { aliasStructure } from '../src/experiments/design/aliases.js';
import { blocked } from '../src/experiments/design/blocking.js';
import { boxBehnken } from '../src/experiments/design/box-behnken.js';
import { type AxialDistance, axialDistance, centralComposite } from '../src/experiments/design/central-composite.js';
import { minimumAberration } from '../src/experiments/design/minimum-aberration.js';
import { mirrored, plackettBurman } from '../src/experiments/design/plackett-burman.js';
import { fraction, fractionRuns, resolution, wordLengthPattern } from '../src/experiments/design/two-level-fraction.js';

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
  it.each(queries<Composite, { factorialRuns: number; axialRuns: number; centreRuns: number; totalRuns: number; alpha?: Record<string, number> }>('design-ccd').filter(([, { expected }]) => expected.alpha))('%s', (_, { input, expected }) => {
    const { factors, fraction: p, centreInFactorialBlock, centreInAxialBlock } = input;
    const generators = p === 0 ? [] : aliasStructure(minimumAberration(factors, 2 ** (factors - p))).generators;
    const design = centralComposite({ factors, generators, alpha: 'rotatable', centreInFactorialBlock, centreInAxialBlock });
    expect({ ...design, totalRuns: design.runs.length }).toMatchObject({ factorialRuns: expected.factorialRuns, axialRuns: expected.axialRuns, centreRuns: expected.centreRuns, totalRuns: expected.totalRuns });
    const names: Record<string, AxialDistance> = { faceCentred: 'face-centred', orthogonalBlocks: 'orthogonal-blocks', orthogonalQuadratic: 'orthogonal' };
    for (const [name, want] of Object.entries(expected.alpha!)) {
      expect(digits(axialDistance(names[name] ?? (name as AxialDistance), { ...input, factorialRuns: design.factorialRuns }), want)).toBeGreaterThanOrEqual(12);
    }
  });
});

describe('design-box-behnken', () => {
  it.each(queries<{ factors: number; centreRuns: number }, { totalRuns: number; edgeRuns: number; centreRuns: number; edgePointsSorted: number[][] }>('design-box-behnken'))('%s', (_, { input, expected }) => {
    const runs = boxBehnken(input);
    const edges = runs.filter(({ point }) => point === 'edge').map(({ settings }) => settings.map(Number));
    expect([runs.length, edges.length, runs.length - edges.length]).toEqual([expected.totalRuns, expected.edgeRuns, expected.centreRuns]);
    expect(edges.sort(lexicographic)).toEqual(expected.edgePointsSorted);
  });
});

function queries<Input, Expected>(file: string): [string, Query<Input, Expected>][] {
  const { queries: found } = JSON.parse(readFileSync(`test/reference/doe/${file}.json`, 'utf8')) as { queries: Query<Input, Expected>[] };
  return found.map((query) => [query.id, query]);
}

function digits(got: number, want: number): number {
  return got === want ? 16 : Math.min(16, -Math.log10(Math.abs(got - want) / (want === 0 ? 1 : Math.abs(want))));
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
