import { existsSync, readFileSync } from 'node:fs';

/** `file › name of a test`, as docs/security.md names what shows each line. */
const REFERENCE = /`((?:test|src)\/[\w./-]+\.ts)` › ([^|;\n]+)/g;

describe('docs/security.md', () => {
  const references = [...readFileSync('docs/security.md', 'utf8').matchAll(REFERENCE)].map(([, file, name]) => ({ file: file!, name: name!.trim() }));

  it('names tests', () => {
    expect(references.length).toBeGreaterThan(60);
  });

  it('names only tests that there are', () => {
    const missing = references.filter(({ file, name }) => !existsSync(file) || !readFileSync(file, 'utf8').replaceAll("\\'", "'").includes(name));
    expect(missing).toEqual([]);
  });
});
