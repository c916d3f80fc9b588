import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** Lets one instance at a time run a job. On MySQL the lock belongs to a connection of its own and dies with it. */
@Injectable()
export class JobLock {
  private readonly running = new Set<string>();

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Runs the work, or answers undefined at once when it is already running somewhere. */
  async once<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.running.has(name)) return undefined;
    this.running.add(name);
    try {
      return this.dataSource.options.type === 'better-sqlite3' ? await work() : await this.holdingNamedLock(name, work);
    } finally {
      this.running.delete(name);
    }
  }

  private async holdingNamedLock<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    const lock = `provost.job.${this.dataSource.driver.database ?? ''}.${name}`.slice(-64);
    const runner = this.dataSource.createQueryRunner();
    try {
      const [row] = (await runner.query('SELECT GET_LOCK(?, 0) AS obtained', [lock])) as { obtained: unknown }[];
      if (Number(row?.obtained) !== 1) return undefined;
      try {
        return await work();
      } finally {
        await runner.query('SELECT RELEASE_LOCK(?)', [lock]).catch(() => undefined);
      }
    } finally {
      await runner.release();
    }
  }
}
