import { appendFileSync, readFileSync } from 'node:fs';

/** How well a figure of a reference case was met. `npm run verify:doe` prints them all. */
export interface DoeScore {
  case: string;
  figure: string;
  /** The worst of its numbers; Infinity when all are equal. */
  digits: number;
  floor: number;
  goal: number;
}

export interface Tolerance {
  floor: number;
  goal?: number;
}

/** Agreeing digits of a number: minus the log of the relative difference, of the difference over `largest` for what is next to zero. */
export function digitsOf(got: number, want: number, largest = Math.abs(want)): number {
  if (got === want) return Infinity;
  const base = Math.abs(want) < 1e-12 * largest || want === 0 ? largest || 1 : Math.abs(want);
  const digits = -Math.log10(Math.abs(got - want) / base);
  return Number.isNaN(digits) ? -Infinity : digits;
}

/** Holds a case against its numbers: fails below the floor, and keeps the score. */
export class DoeScores {
  constructor(private readonly caseId: string) {}

  /** Compares numbers with numbers, in order; a floor that is missed throws with the numbers that did it. */
  check(figure: string, got: number | readonly number[], want: number | readonly number[], { floor, goal = floor }: Tolerance): void {
    const gotten = [got].flat();
    const wanted = [want].flat();
    const largest = Math.max(...wanted.map(Math.abs));
    this.judge(figure, gotten, wanted, wanted.map((value, index) => digitsOf(gotten[index] ?? NaN, value, largest)), { floor, goal });
  }

  /** The same for numbers that are no list: none is small beside another. */
  checkEach(figure: string, got: readonly number[], want: readonly number[], { floor, goal = floor }: Tolerance): void {
    this.judge(figure, got, want, want.map((value, index) => digitsOf(got[index] ?? NaN, value)), { floor, goal });
  }

  private judge(figure: string, gotten: readonly number[], wanted: readonly number[], all: readonly number[], { floor, goal }: Required<Tolerance>): void {
    const digits = Math.min(...all);
    this.keep({ case: this.caseId, figure, digits, floor, goal });
    if (gotten.length !== wanted.length) throw new Error(`${this.caseId}, ${figure}: ${gotten.length} numbers instead of ${wanted.length}`);
    if (digits >= floor) return;
    const worst = all.indexOf(digits);
    throw new Error(`${this.caseId}, ${figure}: ${gotten[worst]} has ${digits.toFixed(1)} of ${floor} digits of ${wanted[worst]}`);
  }

  private keep(score: DoeScore): void {
    const file = process.env.DOE_SCORES;
    if (file) appendFileSync(file, `${JSON.stringify({ ...score, digits: Math.min(score.digits, 17) })}\n`);
  }
}

/** A case of test/reference/doe by its name; its shape is that of the file. */
export function doeCase<Case>(id: string): Case {
  return JSON.parse(readFileSync(`test/reference/doe/${id}.json`, 'utf8')) as Case;
}
