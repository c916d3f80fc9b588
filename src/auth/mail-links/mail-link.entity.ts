import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';

export enum LinkPurpose {
  VerifyEmail = 'verify-email',
  ResetPassword = 'reset-password',
}

/** A link sent by e-mail, good once. Whoever follows it reads that address's mail. */
@Entity('mail_links')
@Index(['principalId', 'purpose', 'createdAt'])
@Index(['expiresAt'])
export class MailLink {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  principalId!: string;

  @WordColumn()
  purpose!: LinkPurpose;

  /** SHA-256 of the token, which is random and long, so that its hash needs no salt. The token itself is kept nowhere. */
  @Index('mail_links_token', { unique: true })
  @Column('varchar', { length: 43 })
  tokenHash!: string;

  /** The address it was sent to; a link proves nothing about any other. */
  @Column('varchar', { length: 254 })
  address!: string;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  expiresAt!: Date;

  /** When it was used, or made void by another. */
  @InstantColumn({ nullable: true })
  usedAt: Date | null = null;
}
