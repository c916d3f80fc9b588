import type { Factor, Setting } from '../factors.js';
import { factorsInModel, levelsOf, numericAxis, rangeOf, roomy } from './axes.js';
import { bandNote, factorAxis, heights, isTold, type Profile, profile, profileSeries } from './main-effects.js';
import { chosenPair } from './chosen-pair.js';
import type { Plot } from './plot.js';
import type { PlotQuery, PlotSource } from './plot-source.js';
import { PlotRefused } from './plots.errors.js';
import { moved, referencePoint } from './reference-point.js';
import { heldAt, percent, titled, withUnit } from './words.js';

/** More lines cannot be told apart. */
const MOST_LINES = 8;

interface Line extends Profile {
  readonly name: string;
}

/** The response along one factor, a line for each level of another: lines that are not parallel show an interaction. */
export function interaction(source: PlotSource, query: PlotQuery): Plot {
  const { response, factors } = source;
  const [x, by] = chosenPair(source, query, factorsInModel(source));
  const reference = referencePoint(factors, query.at);
  const lines = linesOf(source, x, by, query).filter(isTold);
  if (lines.length === 0) throw new PlotRefused('unknown', `The runs do not tell what happens along ${x.name} at these settings.`);
  const held = heldAt(factors, reference, [x.name, by.name]);
  return {
    kind: 'interaction',
    title: `${response.name}: interaction of ${x.name} and ${by.name}`,
    description: describe(source, x, by, lines, query.level),
    notes: [...(held ? [held] : []), bandNote(source, query.level)],
    legend: { title: titled(by), entries: lines.map(({ name }) => name) },
    panels: [{
      x: factorAxis(x),
      y: numericAxis(response, roomy(lines.flatMap(({ points }) => points.flatMap(heights)))),
      series: lines.flatMap((line) => profileSeries(line, line.name, line.name)),
      grid: null,
    }],
  };
}

function linesOf(source: PlotSource, x: Factor, by: Factor, { at, level }: PlotQuery): Line[] {
  const reference = referencePoint(source.factors, at);
  const index = source.factors.indexOf(by);
  return shownLevels(by).map((value) => {
    const from = moved(source.factors, reference, new Map([[index, value]]));
    return { ...profile(fixedShare(source, by), x, from, level), factor: x, name: withUnit(value, by.unit) };
  });
}

/** A share that is held must not give way to the one that is varied. */
function fixedShare(source: PlotSource, by: Factor): PlotSource {
  if (by.kind !== 'mixture') return source;
  throw new PlotRefused('mixture', `${by.name} is a share of a mixture: it cannot stay while another share changes. Draw a contour instead.`, 'y');
}

function shownLevels(by: Factor): readonly Setting[] {
  const levels = levelsOf(by);
  if (levels.length > MOST_LINES) throw new PlotRefused('levels', `${by.name} has ${levels.length} levels; at most ${MOST_LINES} lines can be told apart. Put it on x.`, 'y');
  if (levels.length > 0) return levels;
  const [low, high] = rangeOf(by);
  return [low, high];
}

function describe({ response, predictor }: PlotSource, x: Factor, by: Factor, lines: readonly Line[], level: number): string {
  const changes = lines.map(({ name, points }) => {
    const [first, last] = [points[0]!, points.at(-1)!];
    return { name, text: `${withUnit(first.mean, response.unit)} to ${withUnit(last.mean, response.unit)}`, change: last.mean - first.mean };
  });
  const all = changes.map(({ change }) => change);
  const ends = lines[0]!.points;
  const apart = Math.max(...all) - Math.min(...all);
  const parallel = apart <= 1e-9 * Math.max(...all.map(Math.abs));
  return [
    `Predicted ${response.name} from ${x.name} ${withUnit(ends[0]!.at, x.unit)} to ${withUnit(ends.at(-1)!.at, x.unit)}, one line for each level of ${by.name}:`,
    `${changes.map(({ name, text }) => `at ${name} from ${text}`).join('; ')}.`,
    parallel ? 'The lines are parallel: the model has no interaction of the two.' : `The change along ${x.name} differs by up to ${withUnit(apart, response.unit)} between the lines.`,
    ...(predictor.variance === null ? [] : [`Bands show ${percent(level)} confidence intervals of the mean.`]),
  ].join(' ');
}
