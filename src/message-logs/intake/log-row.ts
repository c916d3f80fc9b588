/** One log as it goes into the tables: checked, encrypted, with an id of ours. */
export interface LogRow {
  readonly id: string;
  readonly userId: string;
  readonly clientId: string | null;
  readonly conversationId: string | null;
  readonly model: string;
  readonly messageCount: number;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly latencyMs: number | null;
  /** JSON text. */
  readonly metadata: string | null;
  readonly createdAt: Date;
  readonly sealed: Buffer;
}

const FIXED_BYTES = 400;

/** About what a row takes, in memory as on disk. */
export function bytesOf(row: LogRow): number {
  return row.sealed.length + (row.metadata?.length ?? 0) + FIXED_BYTES;
}

/** What two logs have in common that are the same log. */
export function sameness({ userId, clientId }: { userId: string; clientId: string | null }): string {
  return `${userId}/${clientId}`;
}
