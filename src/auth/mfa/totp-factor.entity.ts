import { Column, Entity } from 'typeorm';
import { InstantColumn, RefColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';

const MAX_FAILURES = 10;
const FAILURES_MS = 15 * 60_000;

/** The authenticator app of a principal of any kind. Only an activated one is asked for at sign-in. */
@Entity('totp_factors')
export class TotpFactor {
  @RefColumn(() => Principal, { primary: true })
  principalId!: string;

  /** Sealed for this principal by the keyring. */
  @Column('varchar', { length: 255 })
  sealedSecret!: string;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn({ nullable: true })
  activatedAt: Date | null = null;

  /** Of the newest code that was taken: neither it nor an older one is ever taken again. */
  @Column('int')
  lastStep: number = 0;

  /** Wrong codes, each less than a quarter of an hour after the one before. A right one does not clear them. */
  @Column('int')
  failures: number = 0;

  @InstantColumn({ nullable: true })
  lastFailureAt: Date | null = null;

  /** How long no code is taken; 0 when one is. */
  blockedSeconds(now: Date): number {
    return this.failures < MAX_FAILURES ? 0 : Math.max(0, this.rememberedFor(now) / 1000);
  }

  fail(now: Date): void {
    this.failures = this.rememberedFor(now) > 0 ? this.failures + 1 : 1;
    this.lastFailureAt = now;
  }

  /** What is left of the quarter of an hour, in milliseconds. */
  private rememberedFor(now: Date): number {
    return this.lastFailureAt === null ? 0 : this.lastFailureAt.getTime() + FAILURES_MS - now.getTime();
  }
}
