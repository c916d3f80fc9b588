/** How much wider bold text is. */
export const BOLD = 1.12;

/**
 * How wide text will be, without a canvas to measure it on: fonts differ, so this is the width in DejaVu Sans, the widest that is common. A little
 * too wide costs some room; too narrow would clip.
 */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += widthOf(character);
  return ems * size;
}

/** Breaks at blanks, and within words that are longer than a line. The last line that fits ends in an ellipsis if more would follow. */
export function wrapped(text: string, width: number, size: number, mostLines = Infinity): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((each) => pieces(each, width, size))) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), shortened(lines.slice(mostLines - 1).join(' '), width, size)];
}

export function shortened(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

function pieces(word: string, width: number, size: number): string[] {
  const found = [''];
  for (const character of word) {
    if (found.at(-1) !== '' && textWidth(found.at(-1)! + character, size) > width) found.push('');
    found[found.length - 1] += character;
  }
  return found;
}

function widthOf(character: string): number {
  if (character.codePointAt(0)! >= 0x1100) return 1;
  if ('iljtfrI.,:;|!\'()[]'.includes(character)) return 0.39;
  if ('mwMW@%—'.includes(character)) return 0.98;
  return character === character.toLowerCase() ? 0.615 : 0.74;
}
