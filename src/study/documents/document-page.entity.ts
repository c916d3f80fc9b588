import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { LongTextColumn, RefColumn } from '../../platform/database/columns.js';
import { Document } from './document.entity.js';

/** The text of one page. */
@Entity('document_pages')
@Unique('document_pages_number', ['documentId', 'number'])
// Full-text of the search text; the engines spell it so differently that a migration of its own makes it.
@Index('document_pages_search', { synchronize: false })
export class DocumentPage {
  /** A number, because that is what the embedded engine's full-text index names rows by. */
  @PrimaryGeneratedColumn()
  id!: number;

  @RefColumn(() => Document, { index: false })
  documentId!: string;

  /** From 1. */
  @Column('int')
  number!: number;

  @Column('int')
  words!: number;

  @LongTextColumn()
  text!: string;

  /** Its words as they are searched; the first one is the owner's (see platform/search). */
  @LongTextColumn()
  searchText!: string;
}
