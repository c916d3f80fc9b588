import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Sql, type SqlValue } from '../../platform/database/sql.js';
import { ownerWord, type SearchWords, searchWordsOf, wordsOf } from './search-words.js';

/** A page on which all words of a search are. */
export interface SearchHit {
  readonly documentId: string;
  readonly title: string;
  readonly page: number;
  /** What stands around the first of the words. */
  readonly snippet: string;
}

export interface SearchLimits {
  readonly limit: number;
  readonly documentId?: string | undefined;
  readonly topicId?: string | undefined;
}

const COLUMNS = 'documents.id, documents.title, document_pages.number, document_pages.text';
const MYSQL_MATCH = 'MATCH (document_pages.search_text) AGAINST (? IN BOOLEAN MODE)';
const AROUND = 120;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** Finds pages of one owner's documents by all the words that are asked for, or their beginnings; the best match first. */
@Injectable()
export class DocumentSearch {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
  ) {}

  async find(actor: Actor, query: string, limits: SearchLimits): Promise<SearchHit[]> {
    const words = searchWordsOf(query);
    if (!words) return [];
    const { rows } = await this.search(actor.id, words, limits);
    const wanted = wordsOf(query);
    return rows.map(([documentId, title, page, text]) => ({ documentId: documentId as string, title: title as string, page: Number(page), snippet: snippetOf(text as string, wanted) }));
  }

  private search(ownerId: string, { indexed, patterns }: SearchWords, { limit, documentId, topicId }: SearchLimits): ReturnType<Sql['execute']> {
    const owner = ownerWord(ownerId);
    const conditions = ['documents.owner_id = ?', ...patterns.map(() => 'document_pages.search_text LIKE ?')];
    const values: SqlValue[] = [ownerId, ...patterns];
    for (const [column, id] of [['documents.id', documentId], ['documents.topic_id', topicId]] as const) {
      if (id === undefined) continue;
      conditions.push(`${column} = ?`);
      values.push(id);
    }
    const where = conditions.join(' AND ');
    if (this.db.dataSource.options.type === 'better-sqlite3') {
      const match = [`"${owner}"`, ...indexed.map((word) => `"${word}"*`)].join(' ');
      const from = 'document_search JOIN document_pages ON document_pages.id = document_search.rowid JOIN documents ON documents.id = document_pages.document_id';
      return this.sql.execute(`SELECT ${COLUMNS} FROM ${from} WHERE document_search MATCH ? AND ${where} ORDER BY document_search.rank, document_pages.id LIMIT ?`, [match, ...values, limit]);
    }
    const match = [`+${owner}`, ...indexed.map((word) => `+${word}*`)].join(' ');
    const from = 'document_pages JOIN documents ON documents.id = document_pages.document_id';
    // The limit as text, because MySQL refuses the floating-point number as which the driver sends numbers.
    return this.sql.execute(`SELECT ${COLUMNS} FROM ${from} WHERE ${MYSQL_MATCH} AND ${where} ORDER BY ${MYSQL_MATCH} DESC, document_pages.id LIMIT ?`, [match, ...values, match, String(limit)]);
  }
}

function snippetOf(text: string, wanted: readonly string[]): string {
  const at = placeOf(text, wanted);
  const start = Math.max(0, at - AROUND);
  const end = Math.min(text.length, at + AROUND);
  // Cut characters in two nowhere.
  const cut = text.slice(start, end).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '').replace(/\s+/g, ' ').trim();
  return `${start > 0 ? '…' : ''}${cut}${end < text.length ? '…' : ''}`;
}

function placeOf(text: string, wanted: readonly string[]): number {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const folded = wordsOf(word)[0] ?? '';
    if (wanted.some((each) => folded.startsWith(each))) return index;
  }
  return 0;
}
