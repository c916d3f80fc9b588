import { type Effect, halfNormal, lenth, type LenthTest, pareto } from '../analysis/effects.js';
import { namesAxis, numericAxis } from './axes.js';
import type { Plot, Series } from './plot.js';
import type { PlotQuery, PlotSource } from './plot-source.js';
import { PlotRefused } from './plots.errors.js';
import { scaleOfFit } from './scale-of-fit.js';
import { figure, listed, percent, withUnit } from './words.js';

/** More bars cannot be read. */
const MOST_BARS = 30;
const MOST_LABELS = 12;
const RAISES = 'raises the response';
const LOWERS = 'lowers the response';

/** Effects by size against half-normal quantiles: those that do nothing lie on a line through the origin. */
export function halfNormalPlot(source: PlotSource, { level }: PlotQuery): Plot {
  const effects = comparable(source);
  const response = scaleOfFit(source);
  const test = lenth(effects, level);
  const points = halfNormal(effects);
  const labelled = new Set(standingOut(effects, test).slice(0, MOST_LABELS));
  const width = Math.max(...points.map(({ size }) => size), test?.marginOfError ?? 0) * 1.08 || 1;
  const height = points.at(-1)!.quantile * 1.1;
  const shown = points.map(({ size, quantile, term, effect }) => ({ key: effect < 0 ? LOWERS : RAISES, point: { x: size, y: quantile, ...(labelled.has(term) && { label: term }) } }));
  return {
    kind: 'half-normal',
    title: `${response.name}: half-normal plot of effects`,
    description: `Sizes of ${effects.length} effects on ${response.name} against half-normal quantiles. ${inWords(response, effects, test, level)}`,
    notes: [meaning(), lenthNote(effects, test, level)],
    legend: { title: 'Effect', entries: [RAISES, LOWERS] },
    panels: [{
      x: numericAxis({ name: 'Size of effect', unit: response.unit }, [0, width]),
      y: numericAxis({ name: 'Half-normal quantile' }, [0, height]),
      series: [
        ...inertLine(test, width, height),
        ...margins(test, width),
        ...[RAISES, LOWERS].map((key): Series => ({ type: 'points', name: key, key, points: shown.filter((each) => each.key === key).map(({ point }) => point) })),
      ],
      grid: null,
    }],
  };
}

/** Effects by size, the largest first. */
export function paretoPlot(source: PlotSource, { level }: PlotQuery): Plot {
  const effects = comparable(source);
  const response = scaleOfFit(source);
  const test = lenth(effects, level);
  const bars = pareto(effects).slice(0, MOST_BARS);
  // Figures stand behind the bars.
  const width = Math.max(bars[0]!.size * 1.14, (test?.marginOfError ?? 0) * 1.08) || 1;
  const left = effects.length > bars.length ? [`The ${bars.length} largest of ${effects.length} effects`] : [];
  return {
    kind: 'pareto',
    title: `${response.name}: Pareto chart of effects`,
    description: `Sizes of ${effects.length} effects on ${response.name}, the largest first. ${inWords(response, effects, test, level)}`,
    notes: [meaning(), ...left, lenthNote(effects, test, level)],
    legend: { title: 'Effect', entries: [RAISES, LOWERS] },
    panels: [{
      x: numericAxis({ name: 'Size of effect', unit: response.unit }, [0, width]),
      y: namesAxis({ name: 'Term' }, bars.map(({ term }) => term)),
      series: [
        ...[RAISES, LOWERS].map((key): Series => ({
          type: 'bars',
          name: key,
          key,
          points: bars.flatMap(({ effect, size }, index) => ((effect < 0) === (key === LOWERS) ? [{ y: index, x: size, label: figure(effect) }] : [])),
        })),
        ...margins(test, width),
      ],
      grid: null,
    }],
  };
}

/** Coefficients can be compared as effects where all factors are coded from −1 to +1. */
function comparable({ effects, predictor, factors }: PlotSource): readonly Effect[] {
  if (factors.some(({ kind }) => kind === 'mixture')) throw new PlotRefused('mixture', 'Shares of a mixture have no effects from low to high; look at main-effects or a contour.');
  if (predictor.spec.units === 'natural') throw new PlotRefused('natural-units', 'In natural units effects cannot be compared with each other; fit the model in coded units.');
  if (effects.length === 0) throw new PlotRefused('no-effects', 'The model has no term beside the intercept, hence no effects.');
  return effects;
}

function margins(test: LenthTest | null, width: number): Series[] {
  if (!test) return [];
  const lines = [['ME', test.marginOfError], ['SME', test.simultaneousMarginOfError]] as const;
  return lines.filter(([, at]) => at <= width).map(([name, at]) => ({ type: 'rule', name, points: [{ x: at, label: `${name} ${figure(at, 3)}` }] }));
}

/** Where effects would lie that are nothing but chance. */
function inertLine(test: LenthTest | null, width: number, height: number): Series[] {
  if (!test) return [];
  const end = Math.min(width, height * test.pse);
  return [{ type: 'guide', name: 'chance alone', points: [{ x: 0, y: 0 }, { x: end, y: end / test.pse }] }];
}

function standingOut(effects: readonly Effect[], test: LenthTest | null): string[] {
  const sorted = [...effects].sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).map(({ term }) => term);
  return sorted.slice(0, Math.max(3, test?.exceedsMargin.length ?? 0));
}

function meaning(): string {
  return 'An effect is the change from low to high: twice the coefficient in coded units';
}

function lenthNote(effects: readonly Effect[], test: LenthTest | null, level: number): string {
  if (!test) return effects.length < 3 ? "No margins: Lenth's method needs three effects or more" : "No margins: most effects are exactly 0, so Lenth's method has nothing to judge by";
  const outside = test.simultaneousMarginOfError > largest(effects) * 1.08 ? ` (${figure(test.simultaneousMarginOfError, 3)})` : '';
  return `Lenth's margins at ${percent(level)}: ME for one effect, SME${outside} for all at once`;
}

function inWords(response: ReturnType<typeof scaleOfFit>, effects: readonly Effect[], test: LenthTest | null, level: number): string {
  const top = [...effects].sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).slice(0, 3).map(({ term, effect }) => `${term} (${withUnit(effect, response.unit)})`);
  const largestOnes = `Largest ${top.length === 1 ? 'is' : 'are'} ${listed(top)}.`;
  if (!test) return largestOnes;
  const beyond = test.exceedsMargin;
  const which = beyond.length > MOST_LABELS ? `${beyond.length} effects` : listed(beyond);
  const verdict = beyond.length > 0 ? `Beyond Lenth's margin of ${withUnit(test.marginOfError, response.unit)} at ${percent(level)}: ${which}.` : `None is beyond Lenth's margin of ${withUnit(test.marginOfError, response.unit)} at ${percent(level)}.`;
  return `${largestOnes} ${verdict}`;
}

function largest(effects: readonly Effect[]): number {
  return Math.max(...effects.map(({ effect }) => Math.abs(effect)));
}
