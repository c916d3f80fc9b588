const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/;
const HEXADECIMAL = /^[+-]?0x[\da-f]+$/i;
const NO_NUMBER = /^[+-]?(?:nan|inf(?:inity)?|∞|#[A-Z/0!?]+|n\/?a|-+)$/i;
/** What spreadsheets leave of a number's digits when they save what they show. */
const SHOWN_DIGITS = 1e-6;

/** Why a cell is no number. */
export interface NoNumber {
  readonly code: string;
  readonly detail: string;
}

/** A cell that is not empty, as a finite decimal number. */
export function numberIn(cell: string): number | NoNumber {
  if (DECIMAL.test(cell)) {
    const value = Number(cell);
    return Number.isFinite(value) ? value : { code: 'number-too-large', detail: `${shown(cell)} is larger than any number that can be kept.` };
  }
  if (DECIMAL_COMMA.test(cell)) return { code: 'decimal-comma', detail: `${shown(cell)} has a decimal comma; write ${cell.replace(',', '.')}.` };
  if (HEXADECIMAL.test(cell)) return { code: 'number', detail: `${shown(cell)} is hexadecimal; write it as a decimal number.` };
  if (NO_NUMBER.test(cell)) return { code: 'not-finite', detail: `${shown(cell)} is no finite number; leave the cell empty where nothing was measured.` };
  return { code: 'number', detail: `${shown(cell)} is not a number; write digits with a point, or leave the cell empty where nothing was measured.` };
}

export function agree(a: number, b: number): boolean {
  return Math.abs(a - b) <= SHOWN_DIGITS * Math.max(Math.abs(a), Math.abs(b));
}

export function shown(cell: string): string {
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
}
