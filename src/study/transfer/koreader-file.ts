/** Id, title, authors, KOReader's own hash of the file. */
export type KoreaderBook = readonly [id: number, title: string | null, authors: string | null, md5: string | null];

/** A page that was looked at: from when, for how many seconds, of how many. */
export type KoreaderStat = readonly [book: number, page: number, startTime: number, duration: number, totalPages: number];

export interface KoreaderFile {
  readonly books: readonly KoreaderBook[];
  readonly stats: readonly KoreaderStat[];
}

export type KoreaderAnswer = (KoreaderFile & { readonly refused?: undefined }) | { readonly refused: 'tables' | 'too-many' | 'unreadable' };
