/** What a bidirectional text could hide behind: marks, embeddings, overrides and isolates; and characters of no width. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
// eslint-disable-next-line no-control-regex -- control characters are what is taken out
const CONTROL = /[\u0000-\u001f\u007f-\u009f\ufffd\ufffe\uffff]/g;
/** What file systems read something into. */
const RESERVED = /[<>:"|?*/\\]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const LONGEST_BYTES = 150;
const ENDING = '.pdf';

/** A name of a sender's choice, made harmless for whoever saves the file under it: no path, nothing hidden, of ordinary length, a PDF. */
export function safeFileName(given: string | undefined): string {
  const last = (given ?? '').slice(-1000).split(/[/\\]/).at(-1)!;
  const plain = last.normalize('NFC').replace(LONE_SURROGATE, '').replace(INVISIBLE, '').replace(CONTROL, '').replace(RESERVED, '').replace(/\s+/g, ' ');
  const stem = trimmed(plain.replace(/\.pdf\s*$/i, ''));
  return `${trimmed(shortened(stem)) || 'document'}${ENDING}`;
}

/** What a document is called that came without a title. */
export function titleOf(fileName: string): string {
  return fileName.slice(0, -ENDING.length).replaceAll('_', ' ').trim() || 'document';
}

/** For Content-Disposition: plain ASCII for old readers, the true name for the others (RFC 6266, RFC 8187). */
export function attachment(fileName: string): string {
  const ascii = fileName.normalize('NFKD').replace(/[^\x20-\x7e]/g, '').replace(/["\\%]/g, '_').trim();
  const plain = ascii === ENDING ? `document${ENDING}` : ascii;
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Dots in front hide a file, dots and spaces behind it vanish on some systems. */
function trimmed(text: string): string {
  return text.replace(/^[.\s]+|[.\s]+$/g, '');
}

function shortened(text: string): string {
  let result = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST_BYTES) return result;
    result += character;
  }
  return result;
}
