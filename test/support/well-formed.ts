const TOKEN = /<\?[^>]*\?>|<!--.*?-->|<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gsy;
const REFERENCES = /&(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);/gi;

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Every element of an XML document with its own text; throws where the document is not well-formed. */
export function elementsOf(xml: string): Element[] {
  const all: Element[] = [];
  const open: Element[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(xml);
    if (!match) throw new Error(`Not well-formed: ${xml.slice(at, at + 80)}`);
    const [, closing, name, attributes = '', empty, text] = match;
    if (/&/.test((text ?? attributes).replace(REFERENCES, ''))) throw new Error(`Not escaped: ${match[0].slice(0, 80)}`);
    if (text !== undefined && open.length > 0) open.at(-1)!.text += unescaped(text);
    if (name === undefined) continue;
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`Closed but not open: ${name}`);
      continue;
    }
    const element = { name, attributes: Object.fromEntries([...attributes.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescaped(value!)])), text: '' };
    all.push(element);
    if (!empty) open.push(element);
  }
  if (open.length > 0) throw new Error(`Open at the end: ${open.map(({ name }) => name).join(' ')}`);
  return all;
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
}
