const DAY_MS = 86_400_000;
/** Partitions of tables whose rows are kept for good, in days. */
const WIDEST_DAYS = 30;
const AHEAD = 3;

/** A partition holds the rows that arrived before its end and after the end of the one before. */
export interface Partition {
  readonly name: string;
  /** Milliseconds. */
  readonly end: number;
}

/** A thirtieth of the time rows are kept: they leave at most that late, and there are never many partitions. */
export function widthMs(keepDays: number): number {
  return (keepDays === 0 ? WIDEST_DAYS : Math.min(WIDEST_DAYS, Math.max(1, Math.floor(keepDays / 30)))) * DAY_MS;
}

/** The partitions still to be made, so that some are always ready before the first row needs them. */
export function missingPartitions(existing: readonly Partition[], now: number, width: number): Partition[] {
  const last = Math.max(now, ...existing.map(({ end }) => end));
  const missing: Partition[] = [];
  for (let end = (Math.floor(last / width) + 1) * width; end <= now + AHEAD * width; end += width) missing.push({ name: nameOf(end), end });
  return missing;
}

/** Those whose every row is older than rows are kept. */
export function expiredPartitions(existing: readonly Partition[], now: number, keepDays: number): Partition[] {
  return keepDays === 0 ? [] : existing.filter(({ end }) => end <= now - keepDays * DAY_MS);
}

export function nameOf(end: number): string {
  return `p${new Date(end).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

export function partitionOf(name: string): Partition | undefined {
  const [, year, month, day] = /^p(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
  return year ? { name, end: Date.UTC(Number(year), Number(month) - 1, Number(day)) } : undefined;
}
