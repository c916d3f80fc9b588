import type { Size } from './frame.js';

/** A point of a box whose edges all run from −1 to 1. */
export interface Spatial {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Flat {
  readonly x: number;
  readonly y: number;
}

const TURN = (38 * Math.PI) / 180;
const RISE = (27 * Math.PI) / 180;
/** A surface reads best in a box that is wider than high. */
const HEIGHT = 0.72;
const MARGIN = { left: 84, right: 56, top: 12, bottom: 66 };

/** Looks down at a box from the corner where x and y are least; without perspective, so that equal steps stay equal. */
export function projection({ width, height }: Size): (point: Spatial) => Flat {
  const corners = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => turned({ x, y, z }))));
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const across = (width - MARGIN.left - MARGIN.right) / (Math.max(...xs) - left);
  const down = (height - MARGIN.top - MARGIN.bottom) / (Math.max(...ys) - top);
  return (point) => {
    const flat = turned(point);
    return { x: MARGIN.left + (flat.x - left) * across, y: MARGIN.top + (flat.y - top) * down };
  };
}

function turned({ x, y, z }: Spatial): Flat {
  const depth = x * Math.sin(TURN) + y * Math.cos(TURN);
  return { x: x * Math.cos(TURN) - y * Math.sin(TURN), y: -(z * HEIGHT * Math.cos(RISE) + depth * Math.sin(RISE)) };
}
