import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, LessThan } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { type JobReport, Jobs } from '../../platform/jobs/jobs.js';
import { FileStorage } from './file-storage.js';
import { IncomingFolder } from './incoming-folder.js';
import { LooseFile } from './loose-file.entity.js';
import { StorageAccounts } from './storage-accounts.js';

/** Longer than any request may take to arrive. */
const ARRIVING_MS = 3_600_000;
const BATCH = 100;

/** Takes files away that no document has: at once where that works, else by a job, as long as it takes. */
@Injectable()
export class LooseFiles implements OnApplicationBootstrap {
  private readonly logger = new Logger('Documents');

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly accounts: StorageAccounts,
    private readonly storage: FileStorage,
    private readonly incoming: IncomingFolder,
    private readonly clock: Clock,
    private readonly settings: Settings,
    jobs: Jobs,
  ) {
    jobs.define({ name: 'study.sweep-files', description: 'removes files of uploads that broke off and of documents that are gone', schedule: '0 17 * * * *', run: () => this.sweep() });
  }

  /** What a crash left in this machine's folder is no use to anybody. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.jobsEnabled) return;
    await this.incoming.dropCopies();
    await this.dropForgotten().catch((error: unknown) => this.logger.warn(`Forgotten uploads stay for now: ${String(error)}`));
  }

  /** An upload is over, for better or worse: unless it became a document's, nothing of it stays. */
  async end(file: LooseFile): Promise<void> {
    try {
      await this.incoming.drop(file.id);
      if (await this.accounts.giveUp(file)) await this.takeAway(file.id);
    } catch (error) {
      this.logger.warn(`What is left of an upload is left to the job: ${String(error)}`);
    }
  }

  /** After a commit that made it loose. */
  async dispose(fileId: string): Promise<void> {
    await this.takeAway(fileId).catch((error: unknown) => this.logger.warn(`The file ${fileId} is left to the job: ${String(error)}`));
  }

  /** The file first: its row is what remembers it. */
  async takeAway(fileId: string): Promise<void> {
    await this.storage.remove(fileId);
    await this.db.delete(LooseFile, { id: fileId });
  }

  async sweep(): Promise<JobReport> {
    const since = LessThan(new Date(this.clock.millis() - ARRIVING_MS));
    const stuck = await this.db.find(LooseFile, { where: { state: 'arriving', since }, take: BATCH });
    for (const file of stuck) await this.accounts.giveUp(file);
    const leaving = await this.db.find(LooseFile, { where: { state: 'leaving' }, order: { since: 'ASC' }, take: BATCH });
    for (const { id } of leaving) await this.takeAway(id);
    return { given_up: stuck.length, removed: leaving.length, forgotten: await this.dropForgotten() };
  }

  private async dropForgotten(): Promise<number> {
    const ids = await this.incoming.fileIds();
    const known = new Set((await this.db.findBy(LooseFile, { id: In(ids), state: 'arriving' })).map(({ id }) => id));
    const forgotten = ids.filter((id) => !known.has(id));
    for (const id of forgotten) await this.incoming.drop(id);
    return forgotten.length;
  }
}
