import type { EntityManager } from 'typeorm';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import { EMBEDDED, MYSQL } from '../../platform/database/sql.js';
import { DocumentPage } from './document-page.entity.js';
import type { PageText } from './pdf/read-pages.js';

const REMOVED_AT_ONCE = 200;
const ADDED_AT_ONCE = 20;

/** A few at a time: thousands of pages with their full-text index would be one long statement. */
export async function removePages(tx: EntityManager, documentId: string): Promise<void> {
  const sql = new EntityTransaction(tx);
  const dialect = tx.dataSource.options.type === 'better-sqlite3' ? EMBEDDED : MYSQL;
  const statement = dialect.deleteSome('document_pages', 'document_id = ?', REMOVED_AT_ONCE);
  for (;;) if ((await sql.execute(statement, [documentId])).affected < REMOVED_AT_ONCE) return;
}

export async function addPages(tx: EntityManager, documentId: string, pages: readonly PageText[]): Promise<void> {
  for (let from = 0; from < pages.length; from += ADDED_AT_ONCE) {
    const rows = pages.slice(from, from + ADDED_AT_ONCE).map((page) => ({ documentId, ...page }));
    await tx.createQueryBuilder().insert().into(DocumentPage).values(rows).updateEntity(false).execute();
  }
}
