import type { Box } from './frame.js';
import { QUIET } from './palette.js';
import { type Drawn, mark } from './series-marks.js';

const APART = 11;
const STEP = 3;

interface Dash {
  x: number;
  y: number;
  x2: number;
  y2: number;
}

/** Slanted lines wherever a field on the grid of the panel is positive. */
export function hatching(field: readonly (readonly number[])[], box: Box): Drawn {
  const dashes: Dash[] = [];
  for (let from = APART / 2; from < box.width + box.height; from += APART) dashes.push(...alongDiagonal(field, box, from));
  return mark('rule', dashes, { x: { field: 'x' }, y: { field: 'y' }, x2: { field: 'x2' }, y2: { field: 'y2' }, stroke: { value: QUIET }, strokeWidth: { value: 0.9 }, strokeOpacity: { value: 0.75 } });
}

/** From the left or lower edge up to the right. */
function alongDiagonal(field: readonly (readonly number[])[], box: Box, from: number): Dash[] {
  const found: Dash[] = [];
  let open: Dash | undefined;
  for (let x = Math.max(0, from - box.height); x <= Math.min(box.width, from); x += STEP) {
    const y = from - x;
    if (valueAt(field, x / box.width, 1 - y / box.height) <= 0) {
      open = undefined;
    } else if (open) {
      open.x2 = x;
      open.y2 = y;
    } else {
      open = { x, y, x2: x, y2: y };
      found.push(open);
    }
  }
  return found;
}

/** Between four points of the grid. */
function valueAt(field: readonly (readonly number[])[], across: number, up: number): number {
  const [x, y] = [across * (field[0]!.length - 1), up * (field.length - 1)];
  const [left, low] = [Math.min(Math.floor(x), field[0]!.length - 2), Math.min(Math.max(0, Math.floor(y)), field.length - 2)];
  const [u, v] = [x - left, y - low];
  const row = (index: number): number => field[index]![left]! * (1 - u) + field[index]![left + 1]! * u;
  return row(low) * (1 - v) + row(low + 1) * v;
}
