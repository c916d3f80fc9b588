import { Entity } from 'typeorm';
import { AmountColumn, RefColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';

/** How much of the storage a user takes, with what is reserved for uploads on their way. */
@Entity('storage_accounts')
export class StorageAccount {
  @RefColumn(() => Principal, { primary: true })
  ownerId!: string;

  @AmountColumn()
  bytes: number = 0;
}
