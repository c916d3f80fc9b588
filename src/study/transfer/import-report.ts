/** What became of a file. */
export interface ImportReport {
  readonly rows: number;
  readonly imported: number;
  /** Those that were there before. */
  readonly duplicates: number;
  /** Those in whose time another session lies, and for KOReader those that cannot be. */
  readonly passedOver: number;
}
