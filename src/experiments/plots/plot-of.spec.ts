import { coefficientTable } from '../analysis/coefficients.js';
import { diagnostics } from '../analysis/diagnostics.js';
import { effectsOf } from '../analysis/effects.js';
import { Fit } from '../analysis/fit.js';
import { type Transform, transformed } from '../analysis/transform.js';
import type { Factor, Settings } from '../factors.js';
import { predictorOf } from '../prediction/predictor.js';
import { parseTerms, type Preset, PRESETS, presetTerms } from '../terms.js';
import { placeLabels } from './drawing/labels.js';
import { wrapped } from './drawing/text-size.js';
import { roundSteps, tickText } from './drawing/ticks.js';
import type { Plot, PlotKind } from './plot.js';
import { plotOf } from './plot-of.js';
import type { PlotQuery, PlotSource } from './plot-source.js';

const A: Factor = { name: 'A', kind: 'continuous', low: 10, high: 30, unit: 's' };
const B: Factor = { name: 'B=C', kind: 'continuous', low: -1, high: 1 };
const CORNERS: Settings[] = [[10, -1], [30, -1], [10, 1], [30, 1]];
const CENTRES: Settings[] = [[20, 0], [20, 0], [20, 0]];
const BLEND: Factor[] = ['P', 'Q', 'R'].map((name) => ({ name, kind: 'mixture' }));

function source(factors: readonly Factor[], model: Preset | readonly string[], runs: readonly Settings[], measured: readonly number[], transform: Transform = 'none'): PlotSource {
  const terms = PRESETS.includes(model as Preset) ? presetTerms(model as Preset, factors) : parseTerms(model as readonly string[], factors);
  const fit = new Fit({ factors, terms, runs, response: transformed(measured, transform) });
  const errors = new Map(coefficientTable(fit).map(({ term, standardError }) => [term, standardError]));
  return {
    response: { name: 'Yield', unit: 'g' },
    transform,
    factors,
    predictor: predictorOf(fit),
    runs: runs.map((settings, index) => ({ name: `run ${index + 1}`, label: String(index + 1), order: index + 1, settings, measured: measured[index]! })),
    effects: effectsOf(fit).map((effect) => ({ ...effect, standardError: twice(errors.get(effect.term) ?? null) })),
    diagnostics: diagnostics(fit),
  };
}

const twice = (error: number | null): number | null => error && 2 * error;

function plotted(of: PlotSource, kind: PlotKind, query: Partial<PlotQuery> = {}): Plot {
  return plotOf(of, { kind, at: [], against: 'fitted', level: 0.95, ...query });
}

const seriesOf = ({ panels }: Plot, name: string, panel = 0) => panels[panel]!.series.find((each) => each.name === name)!;
/** Yield 2 + 3a + b + ab, a and b from -1 to 1, with a little noise at the centre. */
const SOUND = source([A, B], 'interactions', [...CORNERS, ...CENTRES], [-1, 3, -1, 7, 2, 2.1, 1.9]);
const SATURATED = source([A, B], 'interactions', CORNERS, [-1, 3, -1, 7]);

describe('main effects', () => {
  it('follow one factor while the others are where they are held', () => {
    const plot = plotted(SOUND, 'main-effects', { at: ['B=C=1'] });
    const line = seriesOf(plot, 'predicted').points;
    expect([line[0]!.x, line.at(-1)!.x]).toEqual([10, 30]);
    expect([line[0]!.y, line.at(-1)!.y]).toEqual([expect.closeTo(-1, 9), expect.closeTo(7, 9)]);
    expect(plot.notes.at(-1)).toContain('A 20 s, B=C 1');
    expect(plot.description).toContain('A changes it most: from −1 g at 10 s to 7 g at 30 s.');
  });

  it('have bands only where there is something to judge by', () => {
    expect(seriesOf(plotted(SOUND, 'main-effects'), 'confidence').points).toHaveLength(41);
    const plot = plotted(SATURATED, 'main-effects');
    expect(seriesOf(plot, 'confidence')).toBeUndefined();
    expect(plot.notes).toContainEqual(expect.stringContaining('No confidence bands'));
  });

  it('come in the unit of the response where the fit was made to a transform of it', () => {
    const plot = plotted(source([A], 'linear', [[10], [20], [30]], [1, 10, 100], 'ln'), 'main-effects');
    expect(seriesOf(plot, 'predicted').points[20]).toEqual({ x: 20, y: expect.closeTo(10, 9) as number });
    expect(plotted(source([A], 'linear', [[10], [20], [30]], [1, 11, 100], 'ln'), 'pareto').title).toBe('ln of Yield: Pareto chart of effects');
  });

  it('let the other shares of a mixture give way', () => {
    const plot = plotted(source(BLEND, 'scheffe-linear', [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [4, 8, 12]), 'main-effects');
    const line = seriesOf(plot, 'predicted').points;
    // Without P the rest is half Q, half R.
    expect([line[0], line.at(-1)]).toEqual([{ x: 0, y: expect.closeTo(10, 9) as number }, { x: 1, y: expect.closeTo(4, 9) as number }]);
  });
});

describe('interactions', () => {
  it('are told by lines that are not parallel', () => {
    const plot = plotted(SOUND, 'interaction');
    expect(plot.legend!.entries).toEqual(['−1', '1']);
    expect(plot.description).toContain('at −1 from −1 g to 3 g; at 1 from −1 g to 7 g. The change along A differs by up to 4 g');
    expect(plotted(source([A, B], 'linear', [...CORNERS, ...CENTRES], [-1, 3, -1, 7, 2, 2.1, 1.9]), 'interaction').description).toContain('no interaction');
  });
});

describe('a contour', () => {
  it('marks what lies beyond the runs, and what cannot be', () => {
    const star = source([A, B], 'quadratic', [...CENTRES, ...CORNERS.map(([a, b]): Settings => [20 + (Number(a) - 20) * 0.7, Number(b) * 0.7]), [10, 0], [30, 0], [20, -1], [20, 1]], [9, 9.1, 8.9, 5, 5, 5, 5, 4, 4, 4, 4]);
    const { beyond } = plotted(star, 'contour').panels[0]!.grid!;
    expect(beyond[0]![0]).toBeGreaterThan(0);
    expect(beyond[15]![15]).toBeLessThan(0);
    const blend = plotted(source(BLEND, 'scheffe-linear', [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [4, 8, 12]), 'contour', { x: 'P', y: 'Q' });
    expect(blend.panels[0]!.grid!.possible[30]![30]).toBe(-1);
    expect(blend.description).toContain('highest, 12 g at P 0 and Q 0');
  });

  it('as any other plot is refused where the runs do not tell one factor from another', () => {
    const aliased = source([A, B], ['1', 'A', 'B=C', 'A:B=C'], [[10, -1], [30, 1], [10, -1], [30, 1]], [1, 2, 1.1, 2.1]);
    for (const kind of ['interaction', 'main-effects'] as const) expect(() => plotted(aliased, kind)).toThrow('The runs do not tell');
  });
});

describe('effects', () => {
  const factorial = (centres: readonly number[]): PlotSource => {
    const factors = ['A', 'B', 'C'].map((name): Factor => ({ name, kind: 'continuous', low: -1, high: 1 }));
    const runs = [-1, 1].flatMap((c) => [-1, 1].flatMap((b) => [-1, 1].map((a): Settings => [a, b, c])));
    return source(factors, 'interactions', [...runs, ...centres.map((): Settings => [0, 0, 0])], [...runs.map(([a, b], index) => 10 + 4 * Number(a) - Number(b) + 0.1 * index), ...centres]);
  };

  it('are judged by the residuals, in the unit of the response where all are known equally well', () => {
    const plot = plotted(factorial([10, 10.5, 10.2]), 'pareto');
    expect(plot.panels[0]!.x).toMatchObject({ name: 'Size of effect', unit: 'g' });
    expect(plot.panels[0]!.y.categories!.slice(0, 2)).toEqual(['A', 'B']);
    expect(plot.description).toMatch(/Largest are A \(8\.1 g\), B \(−1\.8 g\) and C/);
    expect(plot.notes.at(-1)).toContain('by the residuals with 4 degrees of freedom');
  });

  it('are divided by their standard errors where these differ, and judged by the effects themselves where there are no residuals', () => {
    const uneven = source([A, B], 'quadratic', [...CORNERS, ...CENTRES, [10, 0], [30, 0], [20, -1], [20, 1]], [-1, 3, -1, 7, 2, 2.1, 1.9, 0, 5, 1, 3]);
    expect(plotted(uneven, 'half-normal').panels[0]!.x.name).toContain('|t|');
    expect(plotted(SATURATED, 'half-normal').notes.at(-1)).toContain("Lenth's margins");
  });
});

describe('residuals', () => {
  it('are refused, with the reason, where the model leaves none', () => {
    expect(() => plotted(SATURATED, 'residuals')).toThrow('as many coefficients as there are runs');
  });
});

describe('drawing', () => {
  it('has round ticks that are told apart', () => {
    expect(roundSteps(77.9, 92.1, 6)).toEqual([80, 82.5, 85, 87.5, 90]);
    expect(roundSteps(1, 24, 20, true)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]);
    expect([0.1, 0.15, 0.2].map((tick) => tickText(tick, [0.1, 0.15, 0.2]))).toEqual(['0.10', '0.15', '0.20']);
    expect([1e8, 1.5e8].map((tick) => tickText(tick, [1e8, 1.5e8]))).toEqual(['1e8', '1.5e8']);
    expect(tickText(-0.5, [-0.5, 0])).toBe('−0.5');
  });

  it('breaks long text and cuts what does not fit', () => {
    expect(wrapped('one two three', 60, 12)).toEqual(['one two', 'three']);
    expect(wrapped('x'.repeat(100), 60, 12, 2)).toEqual([expect.stringMatching(/^x+$/), expect.stringMatching(/^x+…$/)]);
  });

  it('puts no label on another', () => {
    const crowd = Array.from({ length: 9 }, (_, index) => ({ x: 50 + index, y: 50, text: `label ${index}` }));
    const placed = placeLabels(crowd, crowd, { width: 200, height: 100 });
    expect(placed.length).toBeGreaterThan(1);
    expect(placed.length).toBeLessThan(9);
  });
});
