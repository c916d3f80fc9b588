/** One prepared statement on either engine: rows as arrays, or how many rows it changed. */
export interface Store {
  rows(statement: string, values: readonly unknown[]): Promise<readonly (readonly unknown[])[]>;
  change(statement: string, values: readonly unknown[]): Promise<number>;
}
