import { TooManyPages, UnreadablePdf } from './pdf.problems.js';
import { OpenPdf } from './pdfium.js';

export const MOST_PAGES = 20_000;

export interface InspectOrder {
  readonly path: string;
}

export interface InspectedPdf {
  readonly pages: number;
}

/** Whether a file is a document that can be read: it opens, has pages, and its first and last one are there. */
export function inspectPdf({ path }: InspectOrder): Promise<InspectedPdf> {
  return OpenPdf.within(path, (pdf) => {
    const { pages } = pdf;
    if (pages > MOST_PAGES) throw new TooManyPages(MOST_PAGES);
    if (pages < 1 || !pdf.canLoad(1) || !pdf.canLoad(pages)) throw new UnreadablePdf();
    return { pages };
  });
}
