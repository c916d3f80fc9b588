import { Column, Entity, VersionColumn } from 'typeorm';
import { IdColumn, InstantColumn, JsonColumn, LooseIdColumn, WordColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';
import type { EventType } from './event-types.js';

export enum DisabledFor {
  /** An admin did it. */
  Asked = 'asked',
  /** It answered 410. */
  Gone = 'gone',
  /** It took nothing for days. */
  Failing = 'failing',
}

/** Somebody's address that is told of events. */
@Entity('webhook_endpoints')
export class WebhookEndpoint {
  @IdColumn()
  id: string = newId();

  @Column('varchar', { length: 2000 })
  url!: string;

  @Column('varchar', { length: 500, nullable: true })
  description: string | null = null;

  /** The types it is told of; null is all, also those of later versions. */
  @JsonColumn({ nullable: true })
  eventTypes: EventType[] | null = null;

  @Column('boolean')
  enabled: boolean = true;

  @WordColumn({ nullable: true })
  disabledFor: DisabledFor | null = null;

  @InstantColumn({ nullable: true })
  disabledAt: Date | null = null;

  /** When the failures began that no success has ended. */
  @InstantColumn({ nullable: true })
  failingSince: Date | null = null;

  /** Sealed for this endpoint by the keyring. */
  @Column('varchar', { length: 255 })
  sealedSecret!: string;

  /** The secret from before a rotation, which signs beside the new one for a while. */
  @Column('varchar', { length: 255, nullable: true })
  formerSecret: string | null = null;

  @InstantColumn({ nullable: true })
  formerUntil: Date | null = null;

  @InstantColumn()
  createdAt!: Date;

  /** The admin who made it, whom it outlives. */
  @LooseIdColumn({ nullable: true })
  createdBy: string | null = null;

  @InstantColumn()
  updatedAt!: Date;

  @VersionColumn()
  version!: number;

  disable(reason: DisabledFor, now: Date): void {
    if (!this.enabled) return;
    Object.assign(this, { enabled: false, disabledFor: reason, disabledAt: now });
  }

  /** With all patience anew. */
  enable(): void {
    Object.assign(this, { enabled: true, disabledFor: null, disabledAt: null, failingSince: null });
  }

  rotate(sealedSecret: string, formerUntil: Date): void {
    this.formerSecret = this.sealedSecret;
    this.formerUntil = formerUntil;
    this.sealedSecret = sealedSecret;
  }
}
