import { randomBytes } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, IsNull, LessThan, MoreThan } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { sha256 } from '../../platform/crypto/keyring.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Principal } from '../../users/principal.entity.js';
import { LinkPurpose, MailLink } from './mail-link.entity.js';
import { DeadLink } from './mail-links.problems.js';

const HOUR_MS = 3_600_000;
const MOST_PER_HOUR = 3;
const TOKEN_BYTES = 32;
const KEPT_MS = 7 * 24 * HOUR_MS;
const PURGED_AT_ONCE = 200;

/** Makes links, finds them by their token and uses them up. */
@Injectable()
export class MailLinks implements OnModuleInit {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.define({ name: 'auth.purge-mail-links', description: 'forgets links in mails that expired a week ago', schedule: CronExpression.EVERY_DAY_AT_4AM, run: () => this.purge() });
  }

  /** Answers the token; it is kept nowhere but in the mail. */
  async make(tx: EntityManager, principalId: string, purpose: LinkPurpose, address: string): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + this.lifeOf(purpose));
    await insertRow(tx, MailLink, Object.assign(new MailLink(), { principalId, purpose, address, tokenHash: hashOf(token), createdAt, expiresAt }));
    return token;
  }

  /** Whether the account may get another one within the hour. Holds the principal, so that of many at once not one too many is made. */
  async mayMake(tx: EntityManager, principalId: string, purpose: LinkPurpose): Promise<boolean> {
    const principal = await tx.findOne(Principal, { where: { id: principalId }, lock: rowLock(tx) });
    if (!principal) return false;
    const since = new Date(this.clock.millis() - HOUR_MS);
    return (await tx.countBy(MailLink, { principalId, purpose, createdAt: MoreThan(since) })) < MOST_PER_HOUR;
  }

  /** A link that can be used now. */
  async find(token: string, purpose: LinkPurpose): Promise<MailLink> {
    const link = await this.db.findOneBy(MailLink, { tokenHash: hashOf(token), purpose, usedAt: IsNull(), expiresAt: MoreThan(this.clock.now()) });
    if (!link) throw new DeadLink();
    return link;
  }

  /** Of many who use it at once, one gets through. */
  async use(tx: EntityManager, { id }: MailLink): Promise<void> {
    const now = this.clock.now();
    const { affected } = await tx.update(MailLink, { id, usedAt: IsNull(), expiresAt: MoreThan(now) }, { usedAt: now });
    if (affected !== 1) throw new DeadLink();
  }

  async voidAll(tx: EntityManager, principalId: string, purpose: LinkPurpose): Promise<void> {
    await tx.update(MailLink, { principalId, purpose, usedAt: IsNull() }, { usedAt: this.clock.now() });
  }

  private lifeOf(purpose: LinkPurpose): number {
    return purpose === LinkPurpose.VerifyEmail ? this.settings.verifyLinkHours * HOUR_MS : this.settings.resetLinkMinutes * 60_000;
  }

  private async purge(): Promise<{ removed: number }> {
    const expiresAt = LessThan(new Date(this.clock.millis() - KEPT_MS));
    for (let removed = 0; ; ) {
      const old = await this.db.find(MailLink, { select: { id: true }, where: { expiresAt }, take: PURGED_AT_ONCE });
      if (old.length === 0) return { removed };
      removed += (await this.db.delete(MailLink, { id: In(old.map(({ id }) => id)) })).affected ?? 0;
      await breathe();
    }
  }
}

function hashOf(token: string): string {
  return sha256(token).toString('base64url');
}
