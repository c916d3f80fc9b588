/** How far results of one program may differ between machines: in the last digits of logarithms and powers. */
const SAME = 1e-9;

export interface Difference {
  /** `figures.coefficients[2].estimate`. */
  readonly path: string;
  readonly says: unknown;
  readonly is: unknown;
}

/** The first place, in the order of `says`, at which two values of JSON differ. */
export function firstDifference(says: unknown, is: unknown, path: string): Difference | undefined {
  if (typeof says === 'number' && typeof is === 'number') return isSame(says, is) ? undefined : { path, says, is };
  if (!isObject(says) || !isObject(is) || Array.isArray(says) !== Array.isArray(is)) return says === is ? undefined : { path, says, is };
  for (const name of new Set([...Object.keys(says), ...Object.keys(is)])) {
    const difference = firstDifference(says[name], is[name], Array.isArray(says) ? `${path}[${name}]` : `${path}.${name}`);
    if (difference) return difference;
  }
  return undefined;
}

/** How many numbers there are in a value of JSON. */
export function numbersIn(value: unknown): number {
  if (typeof value === 'number') return 1;
  return isObject(value) ? Object.values(value).reduce<number>((sum, part) => sum + numbersIn(part), 0) : 0;
}

function isSame(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
