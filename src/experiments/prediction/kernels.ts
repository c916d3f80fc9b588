/** How alike the responses at two points are, by their distance r in length scales. Rasmussen and Williams (2006), section 4.2. */
export const KERNELS = ['rbf', 'matern52', 'matern32'] as const;
export type Kernel = (typeof KERNELS)[number];

const ROOT3 = Math.sqrt(3);
const ROOT5 = Math.sqrt(5);

/** The correlation at distance r: `rbf` is the squared exponential (eq. 4.9), the others Matérn's (eq. 4.17). */
export function correlation(kernel: Kernel, r: number): number {
  if (kernel === 'rbf') return Math.exp(-r * r / 2);
  if (kernel === 'matern32') return (1 + ROOT3 * r) * Math.exp(-ROOT3 * r);
  return (1 + ROOT5 * r + 5 * r * r / 3) * Math.exp(-ROOT5 * r);
}

/** Minus the derivative by r, over r: times (x - z)² / length², it is the derivative by the log of a length. */
export function lengthSensitivity(kernel: Kernel, r: number): number {
  if (kernel === 'rbf') return Math.exp(-r * r / 2);
  if (kernel === 'matern32') return 3 * Math.exp(-ROOT3 * r);
  return 5 / 3 * (1 + ROOT5 * r) * Math.exp(-ROOT5 * r);
}

/** Distance in length scales, one a factor. */
export function scaledDistance(x: readonly number[], z: readonly number[], lengths: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < lengths.length; k++) sum += ((x[k]! - z[k]!) / lengths[k]!) ** 2;
  return Math.sqrt(sum);
}
