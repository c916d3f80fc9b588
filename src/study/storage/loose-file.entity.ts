import { Entity, Index } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';

/**
 * A file without a document: on its way in, or on its way out. The row is there before the file and goes after it, so that
 * no file is ever forgotten, whatever crashes when. Its id is what storage calls the file.
 */
@Entity('loose_files')
@Index('loose_files_age', ['state', 'since'])
export class LooseFile {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal)
  ownerId!: string;

  @WordColumn()
  state: 'arriving' | 'leaving' = 'arriving';

  /** What its owner's account holds for it until its size is known. */
  @AmountColumn()
  reservedBytes: number = 0;

  @InstantColumn()
  since!: Date;
}
