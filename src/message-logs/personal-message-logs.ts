import { Injectable } from '@nestjs/common';
import { placeholders, Sql } from '../platform/database/sql.js';
import { type Erasable, Erasure, OwnedRows } from '../users/erasure/erasure.js';
import { PersonalData } from '../users/personal-data/personal-data.js';
import { MessageLogReader } from './message-log-reader.js';

const CHUNK = 200;

/**
 * What this module holds about a user. On erasure the user's key is destroyed first, and all text with it; the rows
 * are deleted as well, because what is known of a conversation beside its text is personal too.
 */
@Injectable()
export class PersonalMessageLogs {
  constructor(reader: MessageLogReader, sql: Sql, data: PersonalData, erasure: Erasure) {
    data.register({
      path: 'message-logs.ndjson',
      about: 'Your conversations with models, with their text where it is still kept.',
      tables: ['message_logs', 'message_texts', 'message_log_keys'],
      rows: (id) => reader.all(id, CHUNK),
    });
    erasure.register(new LogsWithText(sql), new OwnedRows(sql, 'message_log_keys', 'user_id'));
  }
}

/** Text has no column of its own for its user: it goes before the log that says whose it is. */
class LogsWithText implements Erasable {
  readonly table = 'message_logs';
  private readonly logs: OwnedRows;

  constructor(private readonly sql: Sql) {
    this.logs = new OwnedRows(sql, this.table, 'user_id');
  }

  count(userId: string): Promise<number> {
    return this.logs.count(userId);
  }

  async erase(userId: string): Promise<number> {
    for (let erased = 0; ; ) {
      const { rows } = await this.sql.execute(`SELECT id FROM message_logs WHERE user_id = ? LIMIT ${CHUNK}`, [userId]);
      const ids = rows.map(([id]) => id as string);
      if (ids.length === 0) return erased;
      for (const table of ['message_texts', 'message_logs']) await this.sql.execute(`DELETE FROM ${table} WHERE id IN (${placeholders(ids.length)})`, ids);
      erased += ids.length;
    }
  }
}
