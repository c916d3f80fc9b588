export type Statement = readonly [text: string, values: readonly unknown[]];

/** Prepared statements on either engine: rows as arrays, how many rows one changed, or several in one transaction. */
export interface Store {
  rows(statement: string, values: readonly unknown[]): Promise<readonly (readonly unknown[])[]>;
  change(statement: string, values: readonly unknown[]): Promise<number>;
  changeTogether(statements: readonly Statement[]): Promise<void>;
}
