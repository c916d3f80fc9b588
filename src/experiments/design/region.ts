import { categoryLevels, checkFactors, codedLevels, type Factor, type Setting, type Settings } from '../factors.js';
import { codedBounds, dot, type HalfSpace, halfSpaces, type LinearConstraint, numeric, SLACK, within } from './constraints.js';
import { DesignRefused } from './design.errors.js';
import { evenLevels, product } from './full-factorial.js';
import { box, clipped, crossed, type Polytope, simplex } from './polytope.js';
import type { SeededChance } from './random-order.js';
import { simplexLattice } from './simplex.js';

/** Tries before a sample by rejection is given up. */
const TRIES = 2000;

/** Where runs may lie, in coded units: the cube of numeric factors, the simplex of shares, all levels, less what constraints forbid. */
export class Region {
  readonly spaces: readonly HalfSpace[];
  /** Indices of the shares of the mixture. */
  readonly shares: readonly number[];
  /** Indices of the factors whose range depends on that of others. */
  private readonly tied: readonly number[];
  private readonly corners: readonly (readonly number[])[];

  /** Throws `DesignRefused` where no point is left. */
  constructor(readonly factors: readonly Factor[], constraints: readonly LinearConstraint[] = []) {
    checkFactors(factors);
    this.spaces = halfSpaces(factors, constraints);
    this.shares = indicesOf(factors, ({ kind }) => kind === 'mixture');
    if (this.shares.length === 1) throw new DesignRefused('factor-count', 'A mixture needs at least two shares.');
    const bound = indicesOf(factors, (_, index) => factors[index]!.kind !== 'mixture' && this.spaces.some(({ normal }) => normal[index] !== 0));
    this.tied = [...this.shares, ...bound];
    this.corners = this.tied.length === 0 ? [[]] : this.cornersOf(bound);
  }

  contains(settings: Settings): boolean {
    const sum = this.shares.reduce((total, index) => total + numeric(settings[index]), 0);
    return (this.shares.length === 0 || Math.abs(sum - 1) < SLACK) && within(this.spaces, settings) && this.factors.every((factor, index) => this.inRange(factor, settings[index]!));
  }

  /** A point of the region; evenly spread where shares and constraints leave room, nearer to the middle where they do not. */
  sample(chance: SeededChance): Setting[] {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const point = this.factors.map((factor) => freeSample(factor, chance));
      this.fillTied(point, chance, attempt < TRIES / 10);
      if (this.contains(point)) return point;
    }
    throw new DesignRefused('no-feasible-point', 'No combination of the levels meets the constraints; widen them or add levels.');
  }

  /** How far a point may move along a direction, both ways: `low` ≤ 0 ≤ `high`. */
  reach(settings: Settings, direction: readonly number[]): { low: number; high: number } {
    const range = { low: -Infinity, high: Infinity };
    for (const { normal, bound } of this.spaces) narrow(range, dot(normal, direction), bound - dot(normal, settings));
    this.factors.forEach((factor, index) => {
      if (direction[index] === 0) return;
      const { low, high } = codedBounds(factor);
      narrow(range, direction[index]!, high - numeric(settings[index]));
      narrow(range, -direction[index]!, numeric(settings[index]) - low);
    });
    return range;
  }

  /** Evenly spaced points of the region, with corners; at most about `most` of them. */
  grid(most: number, levels: readonly number[] = [11, 7, 5, 3, 2]): Setting[][] {
    const found = levels.map((count) => this.gridChoices(count)).find((choices) => choices.reduce((size, { length }) => size * length, 1) <= most);
    if (!found) return [];
    return product(found).map((parts) => parts.flat()).map((parts) => this.inOrder(parts)).filter((point) => this.contains(point));
  }

  /** Corners of the tied part, with every level of other factors that `grid` would take at two levels. */
  cornerPoints(most: number): Setting[][] {
    const free = this.freeIndices().map((index) => gridLevels(this.factors[index]!, 2));
    const size = free.reduce((count, { length }) => count * length, this.corners.length);
    if (size > most) return [];
    return product<readonly Setting[]>([this.corners, ...free.map((levels) => levels.map((level) => [level]))]).map((parts) => this.inOrder(parts.flat())).filter((point) => this.contains(point));
  }

  private gridChoices(count: number): (readonly Setting[])[][] {
    const bound = this.tied.filter((index) => !this.shares.includes(index));
    const shares = this.shares.length === 0 ? [] : [[...simplexLattice(this.shares.length, count - 1), ...this.corners.map((corner) => corner.slice(0, this.shares.length))]];
    return [...shares, ...[...bound, ...this.freeIndices()].map((index) => gridLevels(this.factors[index]!, count).map((level) => [level]))];
  }

  /** From the order tied, then free, to that of the factors. */
  private inOrder(parts: readonly Setting[]): Setting[] {
    const order = [...this.tied, ...this.freeIndices()];
    const point = Array<Setting>(order.length);
    order.forEach((index, place) => { point[index] = parts[place]!; });
    return point;
  }

  private freeIndices(): number[] {
    return indicesOf(this.factors, (_, index) => !this.tied.includes(index));
  }

  private inRange(factor: Factor, setting: Setting): boolean {
    const levels = codedLevels(factor);
    if (factor.kind === 'categorical') return levels!.includes(setting);
    const { low, high } = codedBounds(factor);
    const value = numeric(setting);
    if (levels) return levels.some((level) => Math.abs(Number(level) - value) < SLACK);
    return value >= low - SLACK && value <= high + SLACK;
  }

  /** First by chance over all, which is even; then as a mean of corners, which always meets the constraints. */
  private fillTied(point: Setting[], chance: SeededChance, even: boolean): void {
    if (this.tied.length === 0 || (even && this.shares.length === 0)) return;
    const weights = normalised(this.corners.map(() => -Math.log(1 - chance.fraction())));
    const shares = normalised(this.shares.map(() => -Math.log(1 - chance.fraction())));
    this.tied.forEach((index, place) => {
      if (even) {
        if (place < shares.length) point[index] = shares[place]!;
      } else if (this.factors[index]!.kind !== 'discrete') {
        point[index] = this.corners.reduce((sum, corner, at) => sum + weights[at]! * corner[place]!, 0);
      }
    });
  }

  private cornersOf(bound: readonly number[]): (readonly number[])[] {
    let body: Polytope = box(bound.map((index) => codedBounds(this.factors[index]!)));
    if (this.shares.length > 0) body = crossed(simplex(this.shares.length), body);
    for (const space of [...this.shareSpaces(), ...this.spaces.map((space) => ({ ...space, normal: this.tied.map((index) => space.normal[index]!) }))]) {
      body = clipped(body, space);
    }
    if (body.corners.length === 0) throw new DesignRefused('no-feasible-point', 'No point meets all constraints and ranges at once; widen one of them.');
    return body.corners.map(({ point }) => point);
  }

  private shareSpaces(): HalfSpace[] {
    return this.shares.flatMap((index, place) => {
      const { low, high } = codedBounds(this.factors[index]!);
      const unit = this.tied.map((_, at) => (at === place ? 1 : 0));
      return [...(low > 0 ? [{ normal: unit.map((weight) => -weight), bound: -low }] : []), ...(high < 1 ? [{ normal: unit, bound: high }] : [])];
    });
  }
}

function narrow(range: { low: number; high: number }, slope: number, room: number): void {
  if (slope > SLACK) Object.assign(range, { high: Math.min(range.high, Math.max(0, room / slope)) });
  if (slope < -SLACK) Object.assign(range, { low: Math.max(range.low, Math.min(0, room / slope)) });
}

function freeSample(factor: Factor, chance: SeededChance): Setting {
  const levels = codedLevels(factor);
  return levels ? chance.pick(levels) : 2 * chance.fraction() - 1;
}

function gridLevels(factor: Factor, count: number): Setting[] {
  if (factor.kind === 'categorical') return categoryLevels(factor);
  return codedLevels(factor) ?? evenLevels(count);
}

function normalised(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function indicesOf<T>(items: readonly T[], wanted: (item: T, index: number) => boolean): number[] {
  return [...items.keys()].filter((index) => wanted(items[index]!, index));
}
