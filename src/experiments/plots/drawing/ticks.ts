/** Round numbers from low to high, about as many as asked for. */
export function roundSteps(low: number, high: number, about: number, whole = false): number[] {
  const width = high - low;
  if (!(width > 0) || !Number.isFinite(width)) return [low];
  const step = roundStep(width / Math.max(1, about), whole);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** With as many decimals as tell neighbours apart; powers of ten where the number would be long. */
export function tickText(value: number, ticks: readonly number[]): string {
  const largest = Math.max(...ticks.map(Math.abs));
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : largest || 1;
  if (largest >= 1e7 || (largest > 0 && largest < 1e-3)) return signed(shortExponent(value, Math.max(0, Math.ceil(Math.log10(largest / step)))));
  const decimals = Math.min(12, Math.max(0, ...ticks.map((each) => decimalsOf(each))));
  return signed(value.toFixed(decimals));
}

function roundStep(least: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power >= least * (1 - 1e-9) && (!whole || Number.isInteger(each * power))) ?? 10;
  return factor * power;
}

function decimalsOf(value: number): number {
  return Math.max(0, -Math.floor(Math.log10(Math.abs(value) || 1)) + significant(value) - 1);
}

function significant(value: number): number {
  return Number(value.toPrecision(10)).toExponential().split('e')[0]!.replace(/[-.]/g, '').length;
}

function shortExponent(value: number, digits: number): string {
  if (value === 0) return '0';
  return Number(value.toPrecision(Math.min(15, digits + 1))).toExponential().replace('e+', 'e');
}

function signed(text: string): string {
  return text.replaceAll('-', '−');
}
