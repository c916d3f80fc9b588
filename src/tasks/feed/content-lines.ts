/** RFC 5545 3.1: lines of more octets than this are folded. */
const LONGEST = 75;
const CR_LF = '\r\n';

/** A line of an iCalendar object: folded, a character never torn apart. The value has its escapes already. */
export function contentLine(name: string, value: string): string {
  const lines: string[] = [];
  let line = '';
  let octets = 0;
  for (const character of `${name}:${value}`) {
    const size = Buffer.byteLength(character);
    if (octets + size > LONGEST) {
      lines.push(line);
      line = ' ';
      octets = 1;
    }
    line += character;
    octets += size;
  }
  return [...lines, line].join(CR_LF) + CR_LF;
}

/** RFC 5545 3.3.11: what has a meaning in a text is escaped; what may not stand in one is left out. */
export function textValue(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '') // eslint-disable-line no-control-regex -- control characters are what is looked for
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n');
}

/** RFC 5545 3.3.5, in UTC. */
export function instantValue(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** RFC 5545 3.3.4, of `YYYY-MM-DD`. */
export function dayValue(day: string): string {
  return day.replaceAll('-', '');
}
