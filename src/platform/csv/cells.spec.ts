import { parse } from 'csv-parse/sync';
import { csvLines, neutral, originalOf } from './cells.js';

const FORMULAS = ['=1+1', '+491234', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', "=cmd|'/C calc'!A0"];
const PLAIN = ['', 'Ada', "O'Brien", "'", "''quoted''", 'a=b', ' =1', 'Zoë "the" one', 'two\r\nlines', 'a,b;c'];

const cellsOf = (text: string): string[] => (parse(text, { record_delimiter: '\r\n' }))[0]!;

describe('a CSV cell', () => {
  it.each(FORMULAS)('%j is no formula any more', (text) => {
    expect(neutral(text)).toBe(`'${text}`);
  });

  it.each(PLAIN)('%j stays as it is', (text) => {
    expect(neutral(text)).toBe(text);
  });

  it('comes back exactly, also what looks as if it had been made neutral already', () => {
    const texts = [...FORMULAS, ...PLAIN, "'=1+1", "''=1+1", "'-", "'+'"];
    expect(texts.map((text) => originalOf(neutral(text)))).toEqual(texts);
    expect(cellsOf(csvLines([texts])).map(originalOf)).toEqual(texts);
  });

  it('cannot begin a line of its own', () => {
    expect(csvLines([['a\r\nb', 'c']])).toBe('"a\r\nb",c\r\n');
    expect(csvLines([['a\nb', 'a\rb']])).toBe('"a\nb","a\rb"\r\n');
  });
});
