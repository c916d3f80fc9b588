import { codedLevels, type Setting, type Settings } from '../factors.js';
import { numeric, SLACK } from './constraints.js';
import type { Exchange } from './exchange-setup.js';
import { ExchangeState } from './exchange-state.js';

const RIDGE = 1e-6;
/** A gain below this is rounding. */
const GAIN = 1e-9;
/** Evenly spaced values tried along a line: few while the design takes shape, many when it settles. */
const COARSE = 5;
const FINE = 21;

/** One start of the search, improved sweep by sweep. */
export class Attempt {
  private readonly settings: Setting[][] = [];
  private readonly state: ExchangeState;
  private readonly fixed: number;
  private steps = COARSE;

  constructor(private readonly setup: Exchange) {
    const { fixed = [], runs } = setup.options;
    this.fixed = fixed.length;
    this.state = new ExchangeState(fixed.map((run) => this.row(run)), setup.model.columns.length, RIDGE);
    for (let run = 0; run < runs; run += 1) this.addStart(run % 2 === 0);
    this.state.refresh();
  }

  logDeterminant(): number {
    return this.state.logDeterminant;
  }

  result(): { logDeterminant: number; runs: Setting[][] } {
    return { logDeterminant: this.state.exactLogDeterminant(), runs: this.settings.map((run) => [...run]) };
  }

  /** One sweep over all runs, a run at a time; whether another may gain more. */
  *improve(): Generator<void, boolean> {
    let gained = false;
    for (let run = 0; run < this.settings.length; run += 1) {
      gained = (this.setup.candidates ? this.exchangeCandidate(run) : this.exchangeCoordinates(run)) || gained;
      yield;
    }
    this.state.refresh();
    if (gained || this.setup.candidates || this.steps === FINE) return gained;
    this.steps = FINE;
    return true;
  }

  /** Every other start point is the one of several that adds most, so that hardly any start lacks a coefficient. */
  private addStart(greedy: boolean): void {
    const drawn = Array.from({ length: greedy ? 10 : 1 }, () => this.draw());
    const [best] = drawn.map((settings) => ({ settings, variance: this.state.variance(this.row(settings)) })).sort((a, b) => b.variance - a.variance);
    this.settings.push(best!.settings);
    this.state.add(this.row(best!.settings));
  }

  private draw(): Setting[] {
    const { candidates, chance, region } = this.setup;
    return candidates ? [...chance.pick(candidates)] : region.sample(chance);
  }

  private exchangeCandidate(run: number): boolean {
    const { candidates, candidateRows } = this.setup;
    const trial = this.trial(run);
    let best = 1 + GAIN;
    let chosen = -1;
    candidateRows.forEach((row, index) => {
      const ratio = trial(row);
      if (ratio > best) [best, chosen] = [ratio, index];
    });
    if (chosen >= 0) this.replace(run, [...candidates![chosen]!]);
    return chosen >= 0;
  }

  private exchangeCoordinates(run: number): boolean {
    let gained = false;
    for (const moves of this.lines()) {
      const trial = this.trial(run);
      let best = 1 + GAIN;
      let chosen: Setting[] | undefined;
      for (const settings of moves(this.settings[run]!)) {
        const ratio = trial(this.row(settings));
        if (ratio > best) [best, chosen] = [ratio, settings];
      }
      if (chosen) this.replace(run, chosen);
      gained ||= chosen !== undefined;
    }
    return gained;
  }

  private trial(run: number): (row: Float64Array) => number {
    const old = this.state.rows[this.fixed + run]!;
    const solved = this.state.solved(old);
    const variance = old.reduce((sum, value, index) => sum + value * solved[index]!, 0);
    return (row) => this.state.ratio(solved, variance, row);
  }

  private replace(run: number, settings: Setting[]): void {
    this.settings[run] = settings;
    this.state.exchange(this.fixed + run, this.row(settings));
  }

  private row(settings: Settings): Float64Array {
    return Float64Array.from(this.setup.model.row(settings));
  }

  /** The directions in which one run may change: along each factor, and from one share of the mixture to another. */
  private lines(): ((settings: readonly Setting[]) => Setting[][])[] {
    const { factors } = this.setup.options;
    const axes = [...factors.keys()].filter((index) => factors[index]!.kind !== 'mixture');
    const { shares } = this.setup.region;
    const pairs = shares.flatMap((a, at) => shares.slice(at + 1).map((b) => [a, b] as const));
    return [...axes.map((index) => (settings: readonly Setting[]) => this.alongAxis(settings, index)), ...pairs.map(([a, b]) => (settings: readonly Setting[]) => this.alongLine(settings, factors.map((_, index) => (index === a ? 1 : index === b ? -1 : 0))))];
  }

  private alongAxis(settings: readonly Setting[], index: number): Setting[][] {
    const { factors } = this.setup.options;
    const levels = codedLevels(factors[index]!);
    if (!levels) return this.alongLine(settings, factors.map((_, other) => (other === index ? 1 : 0)));
    return levels.map((level) => settings.map((value, other) => (other === index ? level : value))).filter((moved) => this.setup.region.contains(moved));
  }

  private alongLine(settings: readonly Setting[], direction: readonly number[]): Setting[][] {
    const { low, high } = this.setup.region.reach(settings, direction);
    if (high - low < SLACK) return [];
    return Array.from({ length: this.steps }, (_, step) => low + ((high - low) * step) / (this.steps - 1)).map((length) => settings.map((value, index) => (direction[index] === 0 ? value : tidy(numeric(value) + length * direction[index]!))));
  }
}

/** −1 + 2 · 0.5 and the like should come out as 0, not as a rounding beside it. */
function tidy(value: number): number {
  const rounded = Math.round(value * 1e9) / 1e9;
  return Math.abs(rounded - value) < 1e-12 ? rounded + 0 : value;
}
