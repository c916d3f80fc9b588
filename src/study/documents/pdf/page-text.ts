/** Where PDFium found a hyphen at the end of a line that only the line's end put there. */
// eslint-disable-next-line no-control-regex -- that is how it marks it
const SOFT_HYPHEN = /[\u0002\ufffe\u00ad](?:\r?\n)?/g;
const LINE_END = /\r\n?/g;
// eslint-disable-next-line no-control-regex -- control characters are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\uffff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Scripts that are written without spaces: each character counts as a word. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}`;
const WORD = new RegExp(String.raw`[${UNSPACED}]|(?:(?![${UNSPACED}])[\p{L}\p{M}\p{N}])+(?:['’\-](?:(?![${UNSPACED}])[\p{L}\p{M}\p{N}])+)*`, 'gu');

/** The text of a page as it may be stored and shown. */
export function cleanText(text: string): string {
  return text.replace(SOFT_HYPHEN, '').replace(LINE_END, '\n').replace(CONTROL, ' ').replace(LONE_SURROGATE, '').normalize('NFC');
}

export function wordsIn(text: string): number {
  return text.match(WORD)?.length ?? 0;
}
