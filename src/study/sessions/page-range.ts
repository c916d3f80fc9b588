import { PagesRefused } from './sessions.problems.js';

export interface PageRange {
  readonly firstPage: number | null;
  readonly lastPage: number | null;
}

/** Both or neither, in their order, within the document where it is known. */
export function demandRange({ firstPage, lastPage }: PageRange, pages: number | undefined): void {
  if (firstPage === null && lastPage === null) return;
  if (firstPage === null || lastPage === null) throw new PagesRefused(firstPage === null ? 'firstPage' : 'lastPage', 'Give both the first and the last page, or neither.');
  if (lastPage < firstPage) throw new PagesRefused('lastPage', `The last page, ${lastPage}, comes before the first, ${firstPage}.`);
  if (pages !== undefined && lastPage > pages) throw new PagesRefused('lastPage', `The document has ${pages} pages.`);
}
