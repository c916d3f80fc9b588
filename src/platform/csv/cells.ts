import { stringify } from 'csv-stringify/sync';

/** What spreadsheets take for a formula, full-width forms included, whatever number of our own marks stands before it. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const MARKED = /^'+[=+\-@\t\r\n＝＋－＠]/;

/**
 * A text that no spreadsheet evaluates: what begins like a formula gets an apostrophe before it. So does what is already
 * such a text with its apostrophe, and hence `originalOf` gives every text back exactly.
 */
export function neutral(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

export function originalOf(cell: string): string {
  return MARKED.test(cell) ? cell.slice(1) : cell;
}

/** What csv-stringify leaves bare, since it is not the delimiter of its records; readers take it for one. */
const BREAK = /[\r\n]/;

/** Lines of a CSV file (RFC 4180), every text neutral and every number bare; line breaks stay within the quotes of their cell. */
export function csvLines(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(rows.map((row) => row.map((cell) => (typeof cell === 'number' ? String(cell) : neutral(cell)))), { record_delimiter: 'windows', quoted_match: BREAK });
}
