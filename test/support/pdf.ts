import { constants, deflateRawSync } from 'node:zlib';

/** Objects of a PDF by their number, from 1; the first one is its catalogue. */
type Objects = (string | Buffer)[];

/** A file with a cross-reference table that is right. */
export function pdfOf(objects: Objects, trailer = ''): Buffer {
  const chunks: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n', 'latin1')];
  const offsets: number[] = [];
  const size = (): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  let at = size();
  const add = (chunk: Buffer): void => {
    chunks.push(chunk);
    at += chunk.length;
  };
  objects.forEach((object, index) => {
    offsets.push(at);
    add(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]));
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  add(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`));
  return Buffer.concat(chunks);
}

export function streamOf(content: string | Buffer, entries = ''): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`<< /Length ${bytes.length} ${entries} >>\nstream\n`), bytes, Buffer.from('\nendstream')]);
}

const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>';

/** A document with a line of Latin text on each page; an empty line makes a page as a scan has it. */
export function textPdf(lines: readonly string[], { trailer = '', mediaBox = '[0 0 612 792]', extra = [] as Objects } = {}): Buffer {
  const kids = lines.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  const pages = lines.flatMap((line, index) => [
    `<< /Type /Page /Parent 2 0 R /MediaBox ${mediaBox} /Contents ${5 + index * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
    streamOf(line === '' ? '' : Buffer.from(`BT /F1 12 Tf 72 700 Td (${line.replace(/[\\()]/g, '\\$&')}) Tj ET`, 'latin1')),
  ]);
  return pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Kids [${kids}] /Count ${lines.length} >>`, FONT, ...pages, ...extra], trailer);
}

/** Padded to a size with bytes that nothing refers to. */
export function pdfOfSize(bytes: number, line: string): Buffer {
  const bare = textPdf([line]).length;
  const padding = (length: number): Buffer => textPdf([line], { extra: [streamOf(Buffer.alloc(length, 0x41))] });
  const overhead = padding(100_000).length - 100_000;
  if (bytes < bare) throw new Error('Too small for a PDF.');
  const file = padding(bytes - overhead);
  // The length of a length may differ by a digit.
  return file.length === bytes ? file : padding(bytes - overhead + (bytes - file.length));
}

/** Opens with a password that nobody knows. */
export function encryptedPdf(): Buffer {
  const key = (seed: string): string => seed.repeat(64);
  return textPdf(['secret'], { trailer: `/Encrypt 6 0 R /ID [<${key('ab').slice(0, 32)}> <${key('ab').slice(0, 32)}>]`, extra: [`<< /Filter /Standard /V 1 /R 2 /O <${key('1')}> /U <${key('2')}> /P -44 >>`] });
}

/** A page that lies so deep in the tree of pages that whoever looks for it by recursion runs out of stack. */
export function deepPdf(levels: number): Buffer {
  const nodes = Array.from({ length: levels }, (_, level) => `<< /Type /Pages /Kids [${level + 3} 0 R] /Count 1 ${level === 0 ? '' : `/Parent ${level + 1} 0 R`} >>`);
  return pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', ...nodes, `<< /Type /Page /Parent ${levels + 1} 0 R /MediaBox [0 0 612 792] >>`]);
}

/** A page whose content becomes so many megabytes when it is unpacked. */
export function packedBomb(megabytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(1024 * 1024, 0x20), { finishFlush: constants.Z_FULL_FLUSH });
  const packed = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: megabytes }, () => block), Buffer.from([0x03, 0x00])]);
  return pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>', streamOf(packed, '/Filter /FlateDecode')]);
}

/** Forms that draw forms that draw forms: each level many times the one below. */
export function formBomb(levels: number, times: number): Buffer {
  const form = (level: number): Buffer => {
    const isLast = level === levels - 1;
    const entries = `/Type /XObject /Subtype /Form /BBox [0 0 10 10] ${isLast ? '' : `/Resources << /XObject << /F ${6 + level} 0 R >> >>`}`;
    return streamOf(isLast ? '0 0 1 1 re f' : '/F Do '.repeat(times), entries);
  };
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>',
    streamOf('/F Do '.repeat(times)), ...Array.from({ length: levels }, (_, level) => form(level)),
  ]);
}
