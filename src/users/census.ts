import { Injectable } from '@nestjs/common';
import type { SqlConnection } from '../platform/database/sql.js';

export interface Counted {
  readonly what: 'signUps' | 'deletions';
  /** When each of them came or went. */
  readonly at: readonly Date[];
}

type Listener = (tx: SqlConnection, counted: Counted) => Promise<void>;

/** Told of every user who comes or goes, in the transaction in which they do. Higher modules register to count them. */
@Injectable()
export class Census {
  private readonly listeners: Listener[] = [];

  register(listener: Listener): void {
    this.listeners.push(listener);
  }

  async note(tx: SqlConnection, counted: Counted): Promise<void> {
    for (const listener of this.listeners) await listener(tx, counted);
  }
}
