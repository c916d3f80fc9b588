import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Sql } from '../../platform/database/sql.js';
import { LooseFile } from './loose-file.entity.js';
import { StorageAccount } from './storage-account.entity.js';
import { QuotaExceeded, UploadExpired } from './storage.problems.js';

const TAKE = 'UPDATE storage_accounts SET bytes = bytes + ? WHERE owner_id = ? AND bytes + ? <= ?';
const GIVE = 'UPDATE storage_accounts SET bytes = bytes - ? WHERE owner_id = ?';
const ARRIVED = "DELETE FROM loose_files WHERE id = ? AND state = 'arriving'";
const LEAVES = "UPDATE loose_files SET state = 'leaving', reserved_bytes = 0 WHERE id = ? AND state = 'arriving'";

/** What each user's files take, exact to the byte: whoever wants room gets it by one conditional update, or does not. */
@Injectable()
export class StorageAccounts {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  async used(ownerId: string): Promise<number> {
    return (await this.db.findOneBy(StorageAccount, { ownerId }))?.bytes ?? 0;
  }

  /** Room for a file that is to arrive, or no file. */
  async reserve(ownerId: string, bytes: number, isDeclared: boolean): Promise<LooseFile> {
    const file = await this.tryToReserve(ownerId, bytes);
    if (file) return file;
    // Once a user: an insert that finds its row there would hold locks that others wait for.
    await this.sql.execute(`${this.sql.dialect.insertIgnore} storage_accounts (owner_id, bytes) VALUES (?, 0)`, [ownerId]);
    const retried = await this.tryToReserve(ownerId, bytes);
    if (retried) return retried;
    throw new QuotaExceeded(this.settings.documentQuotaBytes, await this.used(ownerId), isDeclared);
  }

  private tryToReserve(ownerId: string, bytes: number): Promise<LooseFile | undefined> {
    return this.db.transaction(async (tx) => {
      const { affected } = await new EntityTransaction(tx).execute(TAKE, [bytes, ownerId, bytes, this.settings.documentQuotaBytes]);
      if (affected !== 1) return undefined;
      const file = Object.assign(new LooseFile(), { ownerId, reservedBytes: bytes, since: this.clock.now() });
      await insertRow(tx, LooseFile, file);
      return file;
    });
  }

  /** The file has become a document's: of what was reserved, its size stays. */
  async settle(tx: EntityManager, { id, ownerId, reservedBytes }: LooseFile, bytes: number): Promise<void> {
    const sql = new EntityTransaction(tx);
    if ((await sql.execute(ARRIVED, [id])).affected !== 1) throw new UploadExpired();
    if (reservedBytes !== bytes) await sql.execute(GIVE, [reservedBytes - bytes, ownerId]);
  }

  /** It will be no document's. Answers false if it has become one, or somebody else was faster. */
  giveUp({ id, ownerId, reservedBytes }: LooseFile): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const sql = new EntityTransaction(tx);
      if ((await sql.execute(LEAVES, [id])).affected !== 1) return false;
      await sql.execute(GIVE, [reservedBytes, ownerId]);
      return true;
    });
  }

  /** A document's file is no longer its own: it is loose, and on its way out. */
  async release(tx: EntityManager, ownerId: string, fileId: string, bytes: number): Promise<void> {
    await insertRow(tx, LooseFile, Object.assign(new LooseFile(), { id: fileId, ownerId, state: 'leaving', since: this.clock.now() }));
    await new EntityTransaction(tx).execute(GIVE, [bytes, ownerId]);
  }
}
