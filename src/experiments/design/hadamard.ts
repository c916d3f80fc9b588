/**
 * Hadamard matrices: N rows of ±1 that are orthogonal to each other. By Paley (1933), J. Math. Phys. 12, 311, from quadratic
 * residues modulo a prime, and by doubling (Sylvester 1867).
 * @returns The matrix, or undefined for an order that these constructions do not give.
 */
export function hadamard(order: number): number[][] | undefined {
  if (order === 1) return [[1]];
  if (order === 2) return [[1, 1], [1, -1]];
  if (order % 4 !== 0) return undefined;
  if (isPrime(order - 1)) return firstPaley(order - 1);
  if (isPrime(order / 2 - 1) && (order / 2 - 1) % 4 === 1) return secondPaley(order / 2 - 1);
  const half = hadamard(order / 2);
  return half && [...half.map((row) => [...row, ...row]), ...half.map((row) => [...row, ...row.map((sign) => -sign)])];
}

/** 1 for a square modulo the prime and for zero, −1 otherwise: the first row of Plackett and Burman for N = prime + 1. */
export function residueRow(prime: number): number[] {
  const squares = new Set(Array.from({ length: prime }, (_, root) => (root * root) % prime));
  return Array.from({ length: prime }, (_, value) => (squares.has(value) ? 1 : -1));
}

/** Each next row is the one before, moved one place to the right and round. */
export function cyclic(row: readonly number[]): number[][] {
  return row.map((_, shift) => row.map((__, column) => row[(column - shift + row.length) % row.length]!));
}

/** For primes of the form 4m + 3. */
function firstPaley(prime: number): number[][] {
  const rows = cyclic(residueRow(prime));
  return [...rows.map((row) => [1, ...row]), [1, ...rows.map(() => -1)]];
}

/** For primes of the form 4m + 1, where order = 2 (prime + 1): each element of the symmetric conference matrix becomes a 2 × 2 block. */
function secondPaley(prime: number): number[][] {
  const core = cyclic(residueRow(prime)).map((row, index) => row.map((sign, column) => (column === index ? 0 : sign)));
  const conference = [[0, ...core.map(() => 1)], ...core.map((row) => [1, ...row])];
  const rows = conference.flatMap((row) => [row.flatMap((sign) => (sign === 0 ? [1, -1] : [sign, sign])), row.flatMap((sign) => (sign === 0 ? [-1, -1] : [sign, -sign]))]);
  return rows.map((row) => row.map((sign) => sign * row[0]!));
}

function isPrime(value: number): boolean {
  if (value < 2) return false;
  for (let divisor = 2; divisor * divisor <= value; divisor += 1) if (value % divisor === 0) return false;
  return true;
}
