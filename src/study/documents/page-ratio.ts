/** Where a page of a document is after its file was replaced by one of another length: rounded down, and never beyond the end. */
export function pageAfter(page: number, pagesBefore: number, pagesAfter: number): number {
  if (pagesBefore === pagesAfter || pagesBefore < 1) return Math.min(page, pagesAfter);
  return Math.min(pagesAfter, Math.max(Math.min(page, 1), Math.floor((page * pagesAfter) / pagesBefore)));
}

export interface PageRange {
  readonly from: number;
  readonly to: number;
}

/** A range of pages, which keeps at least one page. */
export function rangeAfter({ from, to }: PageRange, pagesBefore: number, pagesAfter: number): PageRange {
  const start = pageAfter(from - 1, pagesBefore, pagesAfter) + 1;
  const end = pageAfter(to, pagesBefore, pagesAfter);
  return { from: Math.min(start, pagesAfter), to: Math.max(Math.min(start, pagesAfter), end) };
}
