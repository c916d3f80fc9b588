import { Entity, Index } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, RefColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';

/** A file on its way into the storage, and the bytes that are reserved for it. Its id is what storage will call the file. */
@Entity('document_uploads')
export class Upload {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal)
  ownerId!: string;

  @AmountColumn()
  reservedBytes!: number;

  @Index()
  @InstantColumn()
  startedAt!: Date;
}
