import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InstantColumn, JsonColumn, WordColumn } from '../../platform/database/columns.js';
import type { PublicJwk } from './key-pair.js';

export enum SigningKeyState {
  /** Published, so that others fetch it in time; signs nothing yet. */
  New = 'new',
  /** Signs. There is one. */
  Current = 'current',
  /** Still verifies what it signed. */
  Retired = 'retired',
  /** Verifies nothing any more; its row only keeps it from coming back by an old setting. */
  Removed = 'removed',
}

/** A key that signs access tokens, the same for all instances. */
@Entity('signing_keys')
export class SigningKey {
  /** RFC 7638 thumbprint of the public key. */
  @PrimaryColumn('varchar', { length: 43 })
  kid!: string;

  /** PKCS#8 PEM under the master key; null once it signs no more. */
  @Column('text', { nullable: true })
  sealed!: string | null;

  @JsonColumn()
  publicJwk!: PublicJwk;

  @WordColumn()
  state!: SigningKeyState;

  /** The state where only one key can have it, else null: of instances that make a key at once one wins. */
  @Column('varchar', { length: 32, nullable: true, unique: true })
  place!: SigningKeyState | null;

  @InstantColumn()
  createdAt!: Date;

  /** When it begins or began to sign. */
  @InstantColumn()
  signsFrom!: Date;

  @InstantColumn({ nullable: true })
  retiredAt: Date | null = null;
}
