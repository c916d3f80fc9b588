import { contentLine, textValue } from './content-lines.js';

const unfolded = (text: string): string => text.replace(/\r\n[ \t]/g, '');

describe('a line of a calendar', () => {
  it('has 75 octets at most and comes back whole, whatever is in it', () => {
    for (const value of ['x'.repeat(300), 'ü'.repeat(200), '日本語'.repeat(60), '👩‍🔬'.repeat(40), `${'a'.repeat(66)}é`]) {
      const folded = contentLine('SUMMARY', value);
      for (const line of folded.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(folded).not.toContain('\uFFFD');
      expect(unfolded(folded)).toBe(`SUMMARY:${value}\r\n`);
    }
  });

  it('cannot be broken out of: a text with line breaks and controls stays one value', () => {
    const line = contentLine('SUMMARY', textValue('a\r\nEND:VCALENDAR\rb\nc;d,e\\f\u0000\u0007\u001b'));
    expect(line).toBe('SUMMARY:a\\nEND:VCALENDAR\\nb\\nc\\;d\\,e\\\\f\r\n');
  });
});
