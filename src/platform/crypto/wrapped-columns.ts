import { Injectable } from '@nestjs/common';
import { SECRETS } from './open-keyring.js';

/** A column whose values `Keyring.wrap` made. Whoever stores such values registers it, or a rotation would lose them. */
export interface WrappedColumn {
  readonly table: string;
  readonly column: string;
  /** The primary key's columns, in its order. */
  readonly key: readonly string[];
  /** The context that the value of this row was wrapped in. */
  readonly context: (...key: string[]) => string;
}

@Injectable()
export class WrappedColumns {
  private readonly columns: WrappedColumn[] = [SECRETS];

  register(column: WrappedColumn): void {
    this.columns.push(column);
  }

  list(): readonly WrappedColumn[] {
    return this.columns;
  }
}
