import { type HalfSpace, SLACK } from './constraints.js';
import { DesignRefused } from './design.errors.js';

interface Corner {
  point: readonly number[];
  /** Numbers of the half spaces on whose border it lies. */
  tight: ReadonlySet<number>;
}

/** A region with straight borders, by its corners. */
export interface Polytope {
  dimension: number;
  corners: readonly Corner[];
  /** Half spaces so far: the next one gets this number. */
  faces: number;
}

const MOST_CORNERS = 3000;

/** All points whose coordinates lie between their bounds. */
export function box(bounds: readonly { low: number; high: number }[]): Polytope {
  const count = 2 ** bounds.length;
  if (count > MOST_CORNERS) throw new DesignRefused('constraints-too-many-factors', 'Constraints may tie together at most 11 factors; drop some.');
  const corners = Array.from({ length: count }, (_, code) => ({
    point: bounds.map(({ low, high }, axis) => (code & (1 << axis) ? high : low)),
    tight: new Set(bounds.map((__, axis) => 2 * axis + (code & (1 << axis) ? 1 : 0))),
  }));
  return { dimension: bounds.length, corners, faces: 2 * bounds.length };
}

/** All shares from 0 that add up to one. */
export function simplex(components: number): Polytope {
  const axes = Array.from({ length: components }, (_, axis) => axis);
  const corners = axes.map((axis) => ({ point: axes.map((other) => (other === axis ? 1 : 0)), tight: new Set(axes.filter((other) => other !== axis)) }));
  return { dimension: components - 1, corners, faces: components };
}

/** Every pair of a point of one and a point of the other. */
export function crossed(a: Polytope, b: Polytope): Polytope {
  const corners = a.corners.flatMap((first) => b.corners.map((second) => ({
    point: [...first.point, ...second.point],
    tight: new Set([...first.tight, ...[...second.tight].map((face) => face + a.faces)]),
  })));
  return { dimension: a.dimension + b.dimension, corners, faces: a.faces + b.faces };
}

/**
 * What of the region lies in the half space: corners outside give way to the points where edges cross the border. Two corners
 * share an edge when no third one lies on all the borders that both lie on (double description; Motzkin and others 1953).
 */
export function clipped({ dimension, corners, faces }: Polytope, { normal, bound }: HalfSpace): Polytope {
  const heights = corners.map(({ point }) => point.reduce((sum, value, axis) => sum + value * normal[axis]!, 0) - bound);
  const kept = corners.flatMap((corner, index) => (heights[index]! > SLACK ? [] : [heights[index]! > -SLACK ? touching(corner, faces) : corner]));
  const added: Corner[] = [];
  corners.forEach((inside, i) => corners.forEach((outside, j) => {
    if (heights[i]! >= -SLACK || heights[j]! <= SLACK) return;
    const common = [...inside.tight].filter((face) => outside.tight.has(face));
    if (common.length < dimension - 1 || !isEdge(corners, common, inside, outside)) return;
    const share = heights[i]! / (heights[i]! - heights[j]!);
    added.push({ point: inside.point.map((value, axis) => value + share * (outside.point[axis]! - value)), tight: new Set([...common, faces]) });
  }));
  if (kept.length + added.length > MOST_CORNERS) throw new DesignRefused('constraints-too-many-corners', 'The constraints leave a region with too many corners; use fewer of them.');
  return { dimension, corners: [...kept, ...added], faces: faces + 1 };
}

function touching({ point, tight }: Corner, face: number): Corner {
  return { point, tight: new Set([...tight, face]) };
}

function isEdge(corners: readonly Corner[], common: readonly number[], a: Corner, b: Corner): boolean {
  return !corners.some((other) => other !== a && other !== b && common.every((face) => other.tight.has(face)));
}
