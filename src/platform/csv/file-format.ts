/** How a file of records is written: a line each, under a header or as JSON. */
export enum FileFormat {
  Csv = 'csv',
  Ndjson = 'ndjson',
}

export const MEDIA_TYPES: Readonly<Record<FileFormat, string>> = {
  [FileFormat.Csv]: 'text/csv',
  [FileFormat.Ndjson]: 'application/x-ndjson',
};
