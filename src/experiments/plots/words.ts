import type { Factor, Setting, Settings } from '../factors.js';

/** A number as people read it: four digits, a real minus sign. */
export function figure(value: number, digits = 4): string {
  const size = Math.abs(value);
  const short = size >= 1e7 || (size > 0 && size < 1e-3) ? Number(value.toPrecision(digits)).toExponential().replace('e+', 'e') : String(Number(value.toPrecision(digits)));
  return short.replaceAll('-', '−');
}

export function percent(share: number): string {
  return `${figure(share * 100)} %`;
}

export function withUnit(value: Setting, unit: string | null | undefined, digits = 4): string {
  const text = typeof value === 'number' ? figure(value, digits) : value;
  return unit ? `${text} ${unit}` : text;
}

/** `Temperature (°C)`. */
export function titled({ name, unit }: { name: string; unit?: string | null | undefined }): string {
  return unit ? `${name} (${unit})` : name;
}

/** `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** Where the factors are held that a plot does not vary, or undefined where it varies all. */
export function heldAt(factors: readonly Factor[], point: Settings, varied: readonly string[]): string | undefined {
  const held = factors.flatMap(({ name, unit }, index) => (varied.includes(name) ? [] : [`${name} ${withUnit(point[index]!, unit, 6)}`]));
  return held.length > 0 ? `Held: ${held.join(', ')}` : undefined;
}
