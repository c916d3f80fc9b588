import type { EntityManager } from 'typeorm';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import type { Condition } from '../platform/lists/listing.js';
import { embeddedMatch, mysqlMatch, ownerWord, searchWords } from '../platform/search/words.js';
import type { Task } from './task.entity.js';

const MYSQL = 'tasks.id IN (SELECT task_id FROM task_words WHERE MATCH (words) AGAINST (? IN BOOLEAN MODE))';
const EMBEDDED = 'tasks.id IN (SELECT task_id FROM task_words WHERE number IN (SELECT rowid FROM task_words_index WHERE task_words_index MATCH ?))';

/** Makes a task found by its title, description and tags. */
export async function indexTask(tx: EntityManager, { id, ownerId, title, description }: Task, tags: readonly string[]): Promise<void> {
  const words = [ownerWord(ownerId), ...searchWords([title, description ?? '', ...tags].join('\n'))].join(' ');
  const connection = new EntityTransaction(tx);
  await connection.execute('DELETE FROM task_words WHERE task_id = ?', [id]);
  await connection.execute('INSERT INTO task_words (task_id, words) VALUES (?, ?)', [id, words]);
}

/** Tasks of the owner with all of these words, or words that begin so. What has no word in it finds nothing. */
export function found(db: EntityManager, ownerId: string, asked: string): Condition {
  const isEmbedded = db.dataSource.options.type === 'better-sqlite3';
  const match = isEmbedded ? embeddedMatch(ownerId, asked) : mysqlMatch(ownerId, asked);
  return match === undefined ? { sql: '1 = 0', values: [] } : { sql: isEmbedded ? EMBEDDED : MYSQL, values: [match] };
}
