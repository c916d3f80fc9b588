import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `<!-- code of PATH -->`, and the block after it is a piece of that file, to the letter: what people copy is what the tests run. */
const QUOTE = /^<!-- code of (\S+) -->\n```\w*\n([\s\S]*?)^```$/gm;

const DOCUMENTS = [...markdownIn('docs'), 'README.md', 'clients/python/README.md'].filter((path) => existsSync(path));

describe('code in the documents', () => {
  it('is what the quoted files say', () => {
    const quotes = DOCUMENTS.flatMap((document) => [...readFileSync(document, 'utf8').matchAll(QUOTE)].map(([, path, code]) => ({ document, path: path!, code: code! })));
    const wrong = quotes.filter(({ path, code }) => !existsSync(path) || !dedented(readFileSync(path, 'utf8')).includes(dedented(code)));
    expect(wrong).toEqual([]);
    expect(quotes.length).toBeGreaterThan(0);
  });
});

/** Code from inside a block may stand at the margin. */
function dedented(text: string): string {
  return text.replace(/^[ \t]+/gm, '').trim();
}

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md')).map((path) => join(folder, path));
}
