import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Sql, type SqlResult, type SqlValue } from '../../platform/database/sql.js';
import { embeddedMatch, mysqlMatch, searchWords } from '../../platform/search/words.js';

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
const MATCHES = 'MATCH (document_pages.search_text) AGAINST (? IN BOOLEAN MODE)';
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
    const words = searchWords(query);
    if (words.length === 0) return [];
    const { rows } = await (this.isEmbedded ? this.byFts5(actor.id, query, limits) : this.byMysql(actor.id, query, limits));
    return rows.map(([documentId, title, page, text]) => ({ documentId: documentId as string, title: title as string, page: Number(page), snippet: snippetOf(text as string, words) }));
  }

  private byFts5(ownerId: string, query: string, limits: SearchLimits): Promise<SqlResult> {
    const { where, values } = conditionsOf(ownerId, limits);
    const from = 'document_search JOIN document_pages ON document_pages.id = document_search.rowid JOIN documents ON documents.id = document_pages.document_id';
    const statement = `SELECT ${COLUMNS} FROM ${from} WHERE document_search MATCH ? AND ${where} ORDER BY document_search.rank, document_pages.id LIMIT ?`;
    return this.sql.execute(statement, [embeddedMatch(ownerId, query)!, ...values, limits.limit]);
  }

  private byMysql(ownerId: string, query: string, limits: SearchLimits): Promise<SqlResult> {
    const { where, values } = conditionsOf(ownerId, limits);
    const match = mysqlMatch(ownerId, query)!;
    const from = 'document_pages JOIN documents ON documents.id = document_pages.document_id';
    const statement = `SELECT ${COLUMNS} FROM ${from} WHERE ${MATCHES} AND ${where} ORDER BY ${MATCHES} DESC, document_pages.id LIMIT ?`;
    // The limit as text, because MySQL refuses the floating-point number as which the driver sends numbers.
    return this.sql.execute(statement, [match, ...values, match, String(limits.limit)]);
  }

  private get isEmbedded(): boolean {
    return this.db.dataSource.options.type === 'better-sqlite3';
  }
}

function conditionsOf(ownerId: string, { documentId, topicId }: SearchLimits): { where: string; values: SqlValue[] } {
  const wanted = [['documents.owner_id', ownerId], ['documents.id', documentId], ['documents.topic_id', topicId]] as const;
  const given = wanted.filter(([, id]) => id !== undefined);
  return { where: given.map(([column]) => `${column} = ?`).join(' AND '), values: given.map(([, id]) => id!) };
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
    const folded = searchWords(word)[0] ?? '';
    if (wanted.some((each) => folded.startsWith(each))) return index;
  }
  return 0;
}
