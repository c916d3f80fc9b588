import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, LooseIdColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';

export enum ImportState {
  /** Not at its end; whoever sends the same file under the same key goes on. */
  Begun = 'begun',
  Done = 'done',
}

/** How far the file of an import has been dealt with. Changes in the transactions that make its users. */
@Entity('user_imports')
@Index('user_imports_key', ['actorKind', 'actorId', 'idempotencyKey'], { unique: true })
export class UserImport {
  @IdColumn()
  id: string = newId();

  @WordColumn()
  actorKind!: string;

  /** Empty for the command line: a unique key lets any number of NULLs in. */
  @LooseIdColumn()
  actorId!: string;

  /** The import's own id where no key came with it. */
  @Column('varchar', { length: 255 })
  idempotencyKey!: string;

  @WordColumn()
  state: ImportState = ImportState.Begun;

  /** Rows that made a user or were refused. */
  @AmountColumn()
  dealtWith: number = 0;

  /** Keyed, over the header and these rows, base64url: they may hold passwords. */
  @Column('varchar', { length: 43 })
  hash: string = '';

  @AmountColumn()
  created: number = 0;

  @AmountColumn()
  failed: number = 0;

  @InstantColumn()
  startedAt!: Date;

  @InstantColumn()
  updatedAt!: Date;
}

/** Why a row made no user: the first of them, so that a resumed import can tell them too. Never holds what stood in the row. */
@Entity('user_import_errors')
export class UserImportError {
  @RefColumn(() => UserImport, { primary: true })
  importId!: string;

  @PrimaryColumn('int')
  line!: number;

  @PrimaryColumn('varchar', { length: 64 })
  pointer!: string;

  @Column('varchar', { length: 64 })
  code!: string;

  @Column('varchar', { length: 500 })
  detail!: string;
}
