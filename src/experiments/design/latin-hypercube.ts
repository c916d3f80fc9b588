import { DesignRefused } from './design.errors.js';
import { checkCount } from './planned-run.js';
import { SeededChance } from './random-order.js';
import type { Search } from './search-progress.js';
import { POWER } from './space-filling.js';

export interface LatinHypercubeOptions {
  runs: number;
  factors: number;
  seed: number;
  /** Exchanges tried; 100 for each run and factor unless given, at most 200,000. */
  exchanges?: number;
}

export interface LatinHypercube {
  /** In the unit cube: the middle of a slice on each axis. Twice a value less one is coded. */
  points: number[][];
  minimumDistance: number;
  /** What the search made small: see `SpaceFilling`. */
  phi15: number;
  exchangesTried: number;
}

const MOST_EXCHANGES = 200_000;
const REPORT_EVERY = 500;
const MOST_RUNS = 2000;

/**
 * Latin hypercube (McKay, Beckman and Conover 1979, Technometrics 21, 239) whose points keep their distance: exchanges within
 * columns under simulated annealing on φ₁₅ (Morris and Mitchell 1995). The same seed gives the same design. The best so far
 * is always a Latin hypercube, so the search can be stopped at any report.
 */
export function* maximinLatinHypercube({ runs, factors, seed, exchanges }: LatinHypercubeOptions): Search<LatinHypercube> {
  checkLattice(runs, factors);
  const chance = new SeededChance(seed);
  const lattice = new Lattice(Array.from({ length: factors }, () => chance.shuffled([...Array(runs).keys()])), runs);
  const wanted = Math.min(exchanges ?? 100 * runs * factors, MOST_EXCHANGES);
  let best = lattice.copy();
  let temperature = 0.1 * lattice.phi ** (1 / POWER) / POWER;
  let tried = 0;
  for (; tried < wanted && runs > 2 && factors > 1; tried += 1) {
    const [column, a, b] = [chance.index(factors), chance.index(runs), chance.index(runs)];
    const before = lattice.phi;
    lattice.exchange(column, a, b);
    const worse = lattice.phi ** (1 / POWER) - before ** (1 / POWER);
    if (worse > 0 && chance.fraction() >= Math.exp(-worse / temperature)) lattice.exchange(column, a, b);
    if (lattice.phi < best.phi) best = lattice.copy();
    temperature *= 1 - 5 / wanted;
    if (tried % REPORT_EVERY === 0 && (yield { done: tried / wanted, best: best.minimumDistance() }) === 'stop') break;
  }
  return { points: best.points(), minimumDistance: best.minimumDistance(), phi15: best.phi ** (1 / POWER) * runs, exchangesTried: tried };
}

/** Slices as whole numbers, with the sum of d⁻¹⁵ kept up to date: an exchange changes the distances of two points only. */
class Lattice {
  phi: number;

  constructor(private readonly columns: number[][], private readonly runs: number) {
    this.phi = 0;
    for (let a = 0; a < runs; a += 1) this.phi += this.pull(a, -1) / 2;
  }

  copy(): Lattice {
    const copy = new Lattice([], 0);
    Object.assign(copy, { columns: this.columns.map((column) => [...column]), runs: this.runs, phi: this.phi });
    return copy;
  }

  exchange(column: number, a: number, b: number): void {
    if (a === b) return;
    const values = this.columns[column]!;
    this.phi -= this.pull(a, b) + this.pull(b, a);
    [values[a], values[b]] = [values[b]!, values[a]!];
    this.phi += this.pull(a, b) + this.pull(b, a);
  }

  points(): number[][] {
    return Array.from({ length: this.runs }, (_, run) => this.columns.map((column) => (column[run]! + 0.5) / this.runs));
  }

  minimumDistance(): number {
    let least = Infinity;
    for (let a = 0; a < this.runs; a += 1) for (let b = 0; b < a; b += 1) least = Math.min(least, this.squared(a, b));
    return this.runs > 1 ? Math.sqrt(least) / this.runs : 0;
  }

  /** Σ d⁻¹⁵ from a point to all others but one. */
  private pull(a: number, except: number): number {
    let sum = 0;
    for (let b = 0; b < this.runs; b += 1) if (b !== a && b !== except) sum += this.squared(a, b) ** (-POWER / 2);
    return sum;
  }

  private squared(a: number, b: number): number {
    let sum = 0;
    for (const column of this.columns) sum += (column[a]! - column[b]!) ** 2;
    return sum;
  }
}

function checkLattice(runs: number, factors: number): void {
  checkCount('number of runs', runs, 2);
  if (runs > MOST_RUNS) throw new DesignRefused('too-many-runs', `A Latin hypercube has at most ${MOST_RUNS} runs here; take fewer.`);
  if (!Number.isInteger(factors) || factors < 1 || factors > 100) throw new DesignRefused('factor-count', 'A Latin hypercube takes 1 to 100 factors.');
}
