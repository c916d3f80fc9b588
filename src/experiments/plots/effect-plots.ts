import { halfNormal, pareto } from '../analysis/effects.js';
import { namesAxis, numericAxis } from './axes.js';
import { type JudgedEffects, judgedEffects } from './judged-effects.js';
import type { Plot, Series } from './plot.js';
import type { PlotQuery, PlotSource } from './plot-source.js';
import { scaleOfFit } from './scale-of-fit.js';
import { figure, listed } from './words.js';

/** More bars cannot be read. */
const MOST_BARS = 30;
const MOST_LABELS = 12;
const RAISES = 'raises the response';
const LOWERS = 'lowers the response';
const MEANING = 'An effect is the change from low to high: twice the coefficient in coded units';

/** Effects by size against half-normal quantiles: those that do nothing lie on a line through the origin. */
export function halfNormalPlot(source: PlotSource, { level }: PlotQuery): Plot {
  const { name } = scaleOfFit(source);
  const judged = judgedEffects(source, level);
  const points = halfNormal(judged.effects);
  const labelled = new Set([...points].reverse().slice(0, Math.min(MOST_LABELS, Math.max(3, beyond(judged).length))).map(({ term }) => term));
  const width = Math.max(points.at(-1)!.size, judged.margins?.one ?? 0) * 1.08 || 1;
  const height = points.at(-1)!.quantile * 1.1;
  const shown = points.map(({ size, quantile, term, effect }) => ({ key: effect < 0 ? LOWERS : RAISES, point: { x: size, y: quantile, ...(labelled.has(term) && { label: term }) } }));
  return {
    kind: 'half-normal',
    title: `${name}: half-normal plot of effects`,
    description: `Sizes of ${points.length} effects on ${name} against half-normal quantiles. ${inWords(judged)}`,
    notes: [MEANING, judged.note],
    legend: { title: 'Effect', entries: [RAISES, LOWERS] },
    panels: [{
      x: numericAxis(judged.measure, [0, width]),
      y: numericAxis({ name: 'Half-normal quantile' }, [0, height]),
      series: [
        ...chanceLine(judged, width, height),
        ...marginLines(judged, width),
        ...[RAISES, LOWERS].map((key): Series => ({ type: 'points', name: key, key, points: shown.filter((each) => each.key === key).map(({ point }) => point) })),
      ],
      grid: null,
    }],
  };
}

/** Effects by size, the largest first. */
export function paretoPlot(source: PlotSource, { level }: PlotQuery): Plot {
  const { name } = scaleOfFit(source);
  const judged = judgedEffects(source, level);
  const bars = pareto(judged.effects).slice(0, MOST_BARS);
  const count = judged.effects.length;
  // Figures stand behind the bars.
  const width = Math.max(bars[0]!.size * 1.14, (judged.margins?.one ?? 0) * 1.08) || 1;
  return {
    kind: 'pareto',
    title: `${name}: Pareto chart of effects`,
    description: `Sizes of ${count} effects on ${name}, the largest first. ${inWords(judged)}`,
    notes: [MEANING, ...(count > bars.length ? [`The ${bars.length} largest of ${count} effects`] : []), judged.note],
    legend: { title: 'Effect', entries: [RAISES, LOWERS] },
    panels: [{
      x: numericAxis(judged.measure, [0, width]),
      y: namesAxis({ name: 'Term' }, bars.map(({ term }) => term)),
      series: [
        ...[RAISES, LOWERS].map((key): Series => ({
          type: 'bars',
          name: key,
          key,
          points: bars.flatMap(({ effect, size }, index) => ((effect < 0) === (key === LOWERS) ? [{ y: index, x: size, label: figure(effect) }] : [])),
        })),
        ...marginLines(judged, width),
      ],
      grid: null,
    }],
  };
}

function marginLines({ margins }: JudgedEffects, width: number): Series[] {
  if (!margins) return [];
  const lines = [['ME', margins.one], ['SME', margins.all]] as const;
  return lines.filter(([, at]) => at <= width).map(([name, at]) => ({ type: 'rule', name, points: [{ x: at, label: `${name} ${figure(at, 3)}` }] }));
}

/** Where effects would lie that are nothing but chance. */
function chanceLine({ margins }: JudgedEffects, width: number, height: number): Series[] {
  if (!margins) return [];
  const end = Math.min(width, height * margins.error);
  return [{ type: 'guide', name: 'chance alone', points: [{ x: 0, y: 0 }, { x: end, y: end / margins.error }] }];
}

function beyond({ effects, margins }: JudgedEffects): string[] {
  if (!margins) return [];
  return pareto(effects).filter(({ size }) => size > margins.one).map(({ term }) => term);
}

function inWords(judged: JudgedEffects): string {
  const top = [...judged.effects].sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).slice(0, 3).map(({ term }) => `${term} (${judged.inWords.get(term)})`);
  const largest = `Largest ${top.length === 1 ? 'is' : 'are'} ${listed(top)}.`;
  if (!judged.margins) return largest;
  const real = beyond(judged);
  const which = real.length > MOST_LABELS ? `${real.length} effects` : listed(real);
  return `${largest} ${real.length > 0 ? `Beyond the margin for one effect: ${which}.` : 'None is beyond the margin for one effect.'}`;
}
